"""The event store's engine: ClickHouse in this process, or a ClickHouse server."""

import ctypes
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from turnloom.server.store.errors import (
    EngineMissingError,
    EngineTroubleError,
    InsertRefusedError,
    QueryRefusedError,
)

READ_SETTINGS = {
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_quote_decimals": 1,
    "output_format_json_quote_denormals": 0,
    "do_not_merge_across_partitions_select_final": 1,
    "max_query_size": 16_777_216,
}
"""Settings of every query; the last one leaves room for lists of ids. A connection has them from its
start: the embedded engine takes settings that come with a query one statement each, 5 ms in all."""

INSERT_SETTINGS = {
    "input_format_null_as_default": 0,
    "max_partitions_per_insert_block": 100,
    "max_insert_threads": 1,
}

TROUBLE_CODES = frozenset(
    {
        3, 74, 75, 76, 77, 81, 88, 95, 106, 159, 164, 173, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252,
        279, 290, 294, 319, 394, 425, 439, 516, 999, 1000, 1001,
    }
)  # fmt: skip
"""Codes of ClickHouse for what is wrong with the disk, memory, threads, the network or access: the
same rows are taken once that is over. Any other is about the rows."""

TROUBLE_WORDS = re.compile(
    "No space left|Cannot allocate memory|Too many open files|Input/output error|Read-only file"
)

RELEASES = (
    "SYSTEM DROP MARK CACHE",
    "SYSTEM DROP UNCOMPRESSED CACHE",
    "SYSTEM DROP QUERY CONDITION CACHE",
    "SYSTEM JEMALLOC PURGE",
)


ALLOCATOR = "prof:false,percpu_arena:disabled,narenas:2,tcache_max:4096,dirty_decay_ms:1000"
"""How the embedded engine's jemalloc holds memory: a hundred of its threads keep less each, and no
profile is taken. After 100 000 spans an idle server has 380 to 400 MB with it, 420 to 430 without."""


class Engine:
    """Queries and inserts on one database, from any thread.

    Args:
        dsn: `chdb:///folder` for the embedded engine, else `clickhouse://user:password@host:port`.
        database: Database of all tables; made when missing.
    """

    def __init__(self, dsn: str, database: str = "turnloom") -> None:
        self.database = database
        self.embedded = dsn.startswith("chdb:")
        if self.embedded:
            os.environ.setdefault("JE_MALLOC_CONF", ALLOCATOR)  # read when the engine is imported
        self._dsn = dsn
        self._local = threading.local()
        self._clients: list[tuple[threading.Thread, Any]] = []
        self._lock = threading.Lock()
        client = self._connect(None)
        client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
        client.close()

    @classmethod
    def open_embedded(cls, folder: Path, database: str = "turnloom") -> "Engine":
        """Open ClickHouse inside this process on a folder (one process per folder).

        The driver hands blocks over in temporary files: they lie beside the folder, not where others
        look, and what a crash leaves of them is removed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        inserts = folder.with_name("inserts")
        shutil.rmtree(inserts, ignore_errors=True)
        inserts.mkdir(mode=0o700)
        tempfile.tempdir = str(inserts)
        return cls(f"chdb://{folder}", database)

    def query(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> list[list[Any]]:
        """Run a query.

        Args:
            sql: Text with `{name:Type}` placeholders.
            parameters: Values of the placeholders.
            settings: Engine settings of this query (time in s, memory in bytes).

        Returns:
            Rows of JSON values; decimals are strings.

        Raises:
            QueryRefusedError: The engine refused or stopped the query.
        """
        raw = self.query_raw(sql, parameters, settings)
        return orjson.loads(b"[" + raw.rstrip(b"\n").replace(b"\n", b",") + b"]") if raw else []

    def query_raw(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        output_format: str = "JSONCompactEachRow",
    ) -> bytes:
        """Run a query and return the engine's bytes in `output_format`; see `query`."""
        try:
            return self._client().raw_query(
                sql,
                parameters=dict(parameters or {}),
                settings=dict(settings) if settings else None,
                fmt=output_format,
            )
        except _driver_errors() as error:
            raise QueryRefusedError(str(error)) from error

    def insert(self, table: str, rows: bytes, row_format: str = "JSONEachRow") -> None:
        """Insert rows of one partition and return when they are on disk.

        Args:
            table: Table name.
            rows: JSON objects, one a line; a column that is left out takes its default. Or a block
                of `native.NativeEncoder`.
            row_format: `JSONEachRow`, or `Native`.

        Raises:
            InsertRefusedError: The engine refused the rows; none of them is stored.
            EngineTroubleError: The engine cannot insert at present, whatever the rows.
        """
        try:
            self._client().raw_insert(table, insert_block=rows, fmt=row_format)
        except _driver_errors() as error:
            if _is_trouble(str(error)):
                raise EngineTroubleError(f"rows for {table} could not be inserted: {error}") from error
            raise InsertRefusedError(table, str(error)) from error

    def insert_native(self, table: str, block: bytes) -> None:
        """Insert a block of `native.NativeEncoder`; see `insert`."""
        self.insert(table, block, "Native")

    def command(self, sql: str) -> None:
        """Run a statement that returns nothing."""
        try:
            self._client().command(sql)
        except _driver_errors() as error:
            raise QueryRefusedError(str(error)) from error

    def release_memory(self) -> None:
        """Give back memory that only makes the next query faster; an embedded engine only."""
        if not self.embedded:
            return
        for statement in RELEASES:
            self.command(statement)
        _trim_heap()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            clients, self._clients = self._clients, []
        for _, client in clients:
            client.close()
        self._local = threading.local()

    def _client(self) -> Any:
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = self._connect(self.database)
            with self._lock:
                orphans = [each for thread, each in self._clients if not thread.is_alive()]
                self._clients = [pair for pair in self._clients if pair[0].is_alive()]
                self._clients.append((threading.current_thread(), client))
            for each in orphans:
                each.close()
        return client

    def _connect(self, database: str | None) -> Any:
        try:
            import clickhouse_connect

            settings = READ_SETTINGS | INSERT_SETTINGS
            driver: Any = clickhouse_connect
            return driver.get_client(dsn=self._dsn, database=database or "default", settings=settings)
        except ImportError as error:
            raise EngineMissingError(error.name or "clickhouse_connect") from error


def _trim_heap() -> None:
    """Have the C library give back what Python has freed; others than glibc do so by themselves."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _is_trouble(text: str) -> bool:
    """Whether an error of an insert is about something else than its rows."""
    code = re.search(r"Code: (\d+)", text)
    return code is None or int(code[1]) in TROUBLE_CODES or TROUBLE_WORDS.search(text) is not None


def _driver_errors() -> tuple[type[Exception], ...]:
    from clickhouse_connect.driver.exceptions import Error

    return (Error, RuntimeError, OSError)
