"""The control database, what people set up: in SQLite, or in PostgreSQL for several replicas."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from turnloom.server.store.control_schema import migrate_control
from turnloom.server.store.errors import ControlUnavailableError

FILE = "control.sqlite"

BUSY_WAIT_MS = 5_000
"""How long SQLite waits for a lock that the command line holds for a moment."""


class Control:
    """Transactions on the control database, from any thread.

    Args:
        url: SQLAlchemy URL.

    Raises:
        ControlUnavailableError: It cannot be opened, or is of a later version of Turnloom.
    """

    def __init__(self, url: str) -> None:
        self.shared = not url.startswith("sqlite:")
        """Whether other processes may change it while this one runs."""
        try:
            self._engine = create_engine(_with_driver(url), pool_pre_ping=self.shared)
        except (SQLAlchemyError, ImportError) as error:
            raise ControlUnavailableError(_place(url), str(error)) from error
        if not self.shared:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        with self.transaction() as connection:
            migrate_control(connection, postgres=self.shared)

    @classmethod
    def open_folder(cls, folder: Path) -> "Control":
        """Open the SQLite database of a data folder; made when missing, readable by its owner alone."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / FILE
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return cls(f"sqlite:///{path}")

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """A transaction: committed at the end, taken back when an exception leaves it."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ControlUnavailableError(_place(str(self._engine.url)), str(error)) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transaction before DDL: we do, see below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a revoked key stays revoked after a power cut
        f"busy_timeout = {BUSY_WAIT_MS}",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is erased leaves no bytes behind
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _place(url: str) -> str:
    """A URL without its password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
