"""Columns of the tables that store the model: types and values, read from the dataclasses."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

import orjson

from turnloom.model.session import Session
from turnloom.model.turn import Turn

TYPES = {
    "str": "String",
    "str | None": "Nullable(String)",
    "int": "Int64",
    "int | None": "Nullable(Int64)",
    "float": "Float64",
    "float | None": "Nullable(Float64)",
    "bool": "Bool",
    "bool | None": "Nullable(Bool)",
    "Decimal | None": "Nullable(Decimal(38, 15))",
    "tuple[str, ...]": "Array(String)",
    "tuple[int, ...]": "Array(Int64)",
    "tuple[float, ...]": "Array(Float64)",
    "dict[str, str]": "Map(String, String)",
    "dict[str, int]": "Map(String, Int64)",
    "dict[str, float]": "Map(String, Float64)",
}
"""Column type of each annotation; any other is stored as JSON text."""

LOW_CARDINALITY = frozenset(
    {
        "source", "status", "name", "input_type", "output_type", "last_action", "environment", "release",
        "service", "session_key", "conversation_key", "user_key", "end_reason", "outcome", "type", "channel",
        "locale", "client_version", "reported_outcome",
    }
)  # fmt: skip
"""Text columns with few distinct values."""

KEY_COLUMNS = frozenset({"session_id", "trace_id", "span_id"})
"""Columns the migrations declare themselves because they are in a key."""


class Columns:
    """How one dataclass is stored.

    Args:
        model: The dataclass.
    """

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.types = {each.name: _annotation(each.type) for each in fields(model)}
        self.names = tuple(self.types)
        self._decoders = tuple(_decoder(kind) for kind in self.types.values())
        self._json_names = frozenset(name for name, kind in self.types.items() if kind not in TYPES)

    def declarations(self) -> dict[str, str]:
        """Column declarations by name, without the columns of the key."""
        return {name: _declare(name, kind) for name, kind in self.types.items() if name not in KEY_COLUMNS}

    def row(self, value: Any, project: str, version: int) -> dict[str, Any]:
        """The row of a value, for `dump`."""
        row: dict[str, Any] = {name: getattr(value, name) for name in self.names}
        for name in self._json_names:
            row[name] = orjson.dumps(row[name]).decode()
        row["project"] = project
        row["version"] = version
        return row

    def value(self, row: list[Any]) -> Any:
        """The value of a row that was selected by `names`, in that order."""
        return self.model(*[decode(cell) for decode, cell in zip(self._decoders, row, strict=True)])


def dump(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as JSON lines; decimals as text, so that none is rounded."""
    return b"\n".join([orjson.dumps(row, default=_dump_other) for row in rows])


def _dump_other(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"no column type for {type(value).__name__}")


def _annotation(kind: Any) -> str:
    text = kind if isinstance(kind, str) else (kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind))
    return text.replace("decimal.", "")


def _declare(name: str, kind: str) -> str:
    column = TYPES.get(kind, "String")
    if name in LOW_CARDINALITY and "String" in column and "(" not in column.removeprefix("Nullable("):
        column = f"LowCardinality({column})"
    return f"{name} {column} CODEC(ZSTD(1))"


def _decoder(kind: str) -> Callable[[Any], Any]:
    if kind.startswith("tuple[tuple"):
        return lambda cell: tuple(tuple(each) for each in orjson.loads(cell or "[]"))
    if kind.startswith("tuple"):
        return tuple
    if kind.startswith("Decimal"):
        return lambda cell: None if cell is None else Decimal(cell)
    if kind not in TYPES:
        return orjson.loads
    return lambda cell: cell


TURN_COLUMNS = Columns(Turn)
SESSION_COLUMNS = Columns(Session)
