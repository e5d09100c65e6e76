"""A field of the filter language: what it is called, what it holds, where it is stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "duration", "money", "string", "enum", "set", "time", "boolean"]

US_OF_MS = 1_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field; the parser's checks, errors, completion and the docs come from it.

    Args:
        name: As it is written in a filter.
        kind: Which values it is compared with.
        sql: Column or expression; `$key` stands for a key, `$now` for the clock.
        description: What it holds, in one sentence.
        unit: Of its numbers.
        bare_unit_us: Durations: microseconds of a number without a unit; None when a unit is needed.
        nullable: Whether it can be missing.
        words: Values to complete; for an enum, the only ones.
        keyed: Whether it takes a key, as `score("helpful")` does.
    """

    name: str
    kind: Kind
    sql: str
    description: str
    unit: str = ""
    bare_unit_us: int | None = None
    nullable: bool = True
    words: tuple[str, ...] = ()
    keyed: bool = False

    @property
    def sortable(self) -> bool:
        """Whether lists can be sorted by it: what has an order that does not change with the clock."""
        return (
            self.kind in {"number", "duration", "money", "time"} and not self.keyed and "$now" not in self.sql
        )


Maker = Callable[..., Field]


def number(name: str, sql: str, description: str, *, unit: str = "", nullable: bool = False) -> Field:
    """A field of numbers."""
    return Field(name, "number", sql, description, unit=unit, nullable=nullable)


def money(name: str, sql: str, description: str) -> Field:
    """A field of US dollars."""
    return Field(name, "money", sql, description, unit="USD")


def duration(name: str, sql: str, description: str, *, nullable: bool = True) -> Field:
    """A field of durations; one whose name ends in `_ms` takes numbers without a unit as milliseconds."""
    bare = US_OF_MS if name.endswith("_ms") else None
    return Field(name, "duration", sql, description, unit="ms", bare_unit_us=bare, nullable=nullable)


def time(name: str, sql: str, description: str) -> Field:
    """A field of points in time."""
    return Field(name, "time", sql, description, unit="ISO 8601", nullable=False)


def string(name: str, sql: str, description: str, *words: str, nullable: bool = True) -> Field:
    """A field of text; the words are what is often there."""
    return Field(name, "string", sql, description, words=words, nullable=nullable)


def enum(name: str, sql: str, description: str, *words: str, nullable: bool = True) -> Field:
    """A field that holds one of these words."""
    return Field(name, "enum", sql, description, words=words, nullable=nullable)


def members(name: str, sql: str, description: str, *words: str) -> Field:
    """A field of several texts."""
    return Field(name, "set", sql, description, words=words)


def boolean(name: str, sql: str, description: str) -> Field:
    """A field that is true or false."""
    return Field(name, "boolean", sql, description, nullable=False)


def table(fields: Iterable[Field]) -> Mapping[str, Field]:
    """Fields by name.

    Raises:
        ValueError: Two have the same name.
    """
    found: dict[str, Field] = {}
    for each in fields:
        if each.name in found:
            raise ValueError(f"two fields are called {each.name!r}")
        found[each.name] = each
    return found
