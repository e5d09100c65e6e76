"""Sorting and paging by key: a page begins after the last row of the one before, whatever arrives."""

from dataclasses import dataclass
from typing import Literal

from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.filter.fields import Field

Direction = Literal["asc", "desc"]

TYPES = {"number": "Float64", "duration": "Int64", "time": "Int64", "money": "Decimal(38, 15)"}
"""The engine's type of a sort value by the field's."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the sort value of its last row (None: missing) and the row's id."""

    value: int | float | str | None
    key: str


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted; missing values come last, equal ones by id."""

    field: Field
    direction: Direction
    key: str
    """Column of the id."""

    def by(self) -> str:
        """The text of ORDER BY, over the column `sort_value`."""
        nulls = " NULLS LAST" if self.field.nullable else ""
        return f"sort_value {self.direction.upper()}{nulls}, {self.key}"

    def after(self, position: Position | None, bindings: Bindings) -> str:
        """The condition that selects what comes after a position, over `sort_value`.

        Args:
            position: Where the page before ended; None for the first page.
            bindings: Where values go.
        """
        if position is None:
            return "1"
        key = f"{self.key} > {bindings.bind(position.key, 'String')}"
        if position.value is None:
            return f"(sort_value IS NULL AND {key})"
        value = bindings.bind(position.value, TYPES[self.field.kind])
        sign = "<" if self.direction == "desc" else ">"
        later = f"sort_value {sign} {value} OR (sort_value = {value} AND {key})"
        return f"({later} OR sort_value IS NULL)" if self.field.nullable else f"({later})"
