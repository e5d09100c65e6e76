"""Columns of the tables that store the model: types and values, read from the dataclasses."""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields
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

MAX_JSON_INTEGER = 2**63 - 1

KEY_COLUMNS = frozenset({"session_id", "trace_id", "span_id"})
"""Columns the migrations declare themselves because they are in a key."""


TURN_INDEXED = (
    "source", "start_us", "end_us", "conversation_id", "user_id", "grouped", "turn_id", "status", "name",
    "input_hash", "input_type", "output_type", "intent", "latency_us", "ttft_us", "llm_calls", "tool_calls",
    "agent_runs", "errors", "error_type", "input_tokens", "output_tokens", "cost_usd", "context_ratio",
    "messages_pruned", "models", "tools", "agents", "last_action", "number", "reported_number", "position",
    "visit", "visit_position", "variant_of", "duplicate_of", "flags",
)  # fmt: skip
"""Fields of a turn by which is filtered or counted. A digest reads all of a turn from one column:
a query pays for each column it touches, and a hundred of them cost 75 ms before the first row."""

TURN_TEXTS = ("input", "output")


class Columns:
    """How one dataclass is stored: each field in a column of its own.

    Args:
        model: The dataclass.
    """

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.types = {each.name: _annotation(each.type) for each in fields(model)}
        self.names = tuple(self.types)
        """Columns to select, in this order, for `value`."""
        self._decoders = {name: _decoder(kind) for name, kind in self.types.items()}
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
        return self.model(*[decode(cell) for decode, cell in zip(self._decoders.values(), row, strict=True)])


class PackedColumns(Columns):
    """How one dataclass is stored: all of it in one column, and some fields in columns of their own besides.

    Args:
        model: The dataclass.
        indexed: Fields with a column for filters and counts.
        apart: Text fields that are in their column only.
        key: Fields of the table's key.
    """

    def __init__(
        self, model: type[Any], indexed: tuple[str, ...], apart: tuple[str, ...], key: tuple[str, ...]
    ) -> None:
        super().__init__(model)
        self.names = (*key, *apart, "facts")
        self._columns = (*key, *apart, *indexed)
        self._packed = tuple(
            (each.name, _default(each)) for each in fields(model) if each.name not in self.names
        )
        plain = frozenset({"str", "int", "float", "bool"})
        self._converters = {
            name: decode
            for name, decode in self._decoders.items()
            if self.types[name].split(" ")[0] not in plain and self.types[name] in TYPES
        }
        self._converters |= dict.fromkeys(self._json_names, _nested)

    def declarations(self) -> dict[str, str]:
        """Column declarations by name, without the columns of the key."""
        own = {name: _declare(name, self.types[name]) for name in self._columns if name not in KEY_COLUMNS}
        return own | {"facts": "facts String CODEC(ZSTD(3))"}

    def row(self, value: Any, project: str, version: int) -> dict[str, Any]:
        """The row of a value, for `dump`."""
        row: dict[str, Any] = {name: getattr(value, name) for name in self._columns}
        packed = {name: cell for name, default in self._packed if (cell := getattr(value, name)) != default}
        row["facts"] = orjson.dumps(packed, default=_dump_other).decode()
        row["project"] = project
        row["version"] = version
        return row

    def value(self, row: list[Any]) -> Any:
        """The value of a row that was selected by `names`, in that order."""
        values: dict[str, Any] = dict(zip(self.names, row, strict=True))
        facts: dict[str, Any] = orjson.loads(values.pop("facts"))
        for name, cell in facts.items():
            if name in self.types:  # a field that a later version dropped is left out
                convert = self._converters.get(name)
                values[name] = cell if convert is None else convert(cell)
        return self.model(**values)


def dump(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as JSON lines."""
    return b"\n".join([dump_row(row) for row in rows])


def dump_row(row: dict[str, Any]) -> bytes:
    """A row as JSON; decimals as text, so that none is rounded."""
    if row.get("version", 0) > MAX_JSON_INTEGER:
        row = row | {"version": str(row["version"])}
    return orjson.dumps(row, default=_dump_other)


def _dump_other(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"no column type for {type(value).__name__}")


def _annotation(kind: Any) -> str:
    text = (
        kind
        if isinstance(kind, str)
        else (kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind))
    )
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


def _nested(cell: Any) -> Any:
    return tuple(tuple(each) for each in cell)


def _default(each: Field[Any]) -> Any:
    if each.default is not MISSING:
        return each.default
    return each.default_factory() if each.default_factory is not MISSING else MISSING


TURN_COLUMNS = PackedColumns(Turn, TURN_INDEXED, TURN_TEXTS, ("session_id", "trace_id", "span_id"))
SESSION_COLUMNS = PackedColumns(
    Session, tuple(each.name for each in fields(Session) if each.name != "session_id"), (), ("session_id",)
)
