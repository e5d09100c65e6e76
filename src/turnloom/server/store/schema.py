"""Tables of the event store: migrations in order, then columns the model has gained."""

from importlib.resources import files

from turnloom.server.store.columns import SESSION_COLUMNS, TURN_COLUMNS, Columns
from turnloom.server.store.engine import Engine

DURABILITY = "fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1"
"""Table settings with which a returned insert is on disk."""

MODEL_TABLES = {"turns": TURN_COLUMNS, "sessions": SESSION_COLUMNS}


def migrate(engine: Engine, *, durable: bool = True) -> None:
    """Bring the database to this version's schema; running it again changes nothing.

    Args:
        engine: The database.
        durable: Whether inserts reach the disk before they return (tests may do without).
    """
    placeholders = {
        "{durability}": DURABILITY if durable else "fsync_after_insert = 0",
        "{turn_columns}": _declarations(TURN_COLUMNS),
        "{session_columns}": _declarations(SESSION_COLUMNS),
    }
    folder = files("turnloom.server.store") / "migrations"
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        text = path.read_text(encoding="utf-8")
        for placeholder, value in placeholders.items():
            text = text.replace(placeholder, value)
        for statement in text.split(";\n"):
            if statement.strip():
                engine.command(statement)
    for table, columns in MODEL_TABLES.items():
        _add_columns(engine, table, columns)


def _declarations(columns: Columns) -> str:
    return ",\n    ".join(columns.declarations().values())


def _add_columns(engine: Engine, table: str, columns: Columns) -> None:
    rows = engine.query(
        "SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String}",
        {"database": engine.database, "table": table},
    )
    present = {row[0] for row in rows}
    for name, declaration in columns.declarations().items():
        if name not in present:
            engine.command(f"ALTER TABLE {table} ADD COLUMN {declaration}")
