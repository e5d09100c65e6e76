"""Migrations of the control database: numbered files, each applied once, in order."""

import time
from importlib.resources import files

from sqlalchemy import Connection, text

from turnloom.server.store.errors import ControlTooNewError

FOLDER = "control_migrations"

MIGRATION_LOCK = 4318_0001
"""PostgreSQL advisory lock: of several replicas that start together, one migrates."""


def migrate_control(connection: Connection, *, postgres: bool) -> None:
    """Bring the control database to this version's schema.

    Args:
        connection: An open transaction; migrations are all applied, or none is.
        postgres: Whether other processes may migrate at the same time.

    Raises:
        ControlTooNewError: A later version of Turnloom has written this database.
    """
    if postgres:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS schema_versions"
            " (version INTEGER PRIMARY KEY, applied_us BIGINT NOT NULL)"
        )
    )
    present = connection.execute(text("SELECT max(version) FROM schema_versions")).scalar() or 0
    migrations = _migrations()
    if present > len(migrations):
        raise ControlTooNewError(present, len(migrations))
    for version, script in enumerate(migrations[present:], present + 1):
        for statement in _statements(script):
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO schema_versions VALUES (:version, :applied_us)"),
            {"version": version, "applied_us": time.time_ns() // 1000},
        )


def _migrations() -> list[str]:
    folder = files("turnloom.server.store") / FOLDER
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".sql")), key=lambda each: each.name
    )
    return [path.read_text(encoding="utf-8") for path in paths]


def _statements(script: str) -> list[str]:
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    return [statement for part in "\n".join(lines).split(";") if (statement := part.strip())]
