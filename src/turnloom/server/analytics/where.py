"""The one place where WHERE is made: every query starts with its project."""

from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.filter.compiler import Compiler
from turnloom.server.analytics.filter.syntax import Term
from turnloom.server.analytics.scope import PROJECT, among


class Where:
    """Conditions of one query, joined by AND.

    Args:
        bindings: Where its values go.
    """

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self._conditions = [PROJECT]

    def __str__(self) -> str:
        return " AND ".join(self._conditions)

    def add(self, condition: str) -> "Where":
        """Add a condition whose values are bound."""
        self._conditions.append(condition)
        return self

    def equals(self, column: str, value: object, kind: str = "String") -> "Where":
        """Select by one value of a column."""
        return self.add(f"{column} = {self.bindings.bind(value, kind)}")

    def one_of(self, column: str, values: list[str]) -> "Where":
        """Select by several values of a column."""
        return self.add(f"{column} IN {self.bindings.bind(values, 'Array(String)')}")

    def among(self, column: str, table: str, conditions: str) -> "Where":
        """Select by what the rows of another table have in the same column."""
        return self.add(among(column, table, conditions))

    def contains(self, column: str, value: str) -> "Where":
        """Select by a member of a list column."""
        return self.add(f"has({column}, {self.bindings.bind(value, 'String')})")

    def visited(self, from_us: int | None, to_us: int | None) -> "Where":
        """Select sessions with a visit that overlaps a time range; without a visit, by their spans.

        Args:
            from_us: Start of the range, included; None for any.
            to_us: End of the range, excluded; None for any.
        """
        if from_us is None and to_us is None:
            return self
        visit, whole = (
            self.range("s", "e", from_us, to_us),
            self.range("started_us", "ended_us", from_us, to_us),
        )
        any_visit = f"arrayExists((s, e) -> {visit}, visit_starts_us, visit_ends_us)"
        return self.add(f"if(empty(visit_starts_us), {whole}, {any_visit})")

    def overlapping(self, start: str, end: str, from_us: int | None, to_us: int | None) -> "Where":
        """Select what overlaps a time range."""
        return self if from_us is None and to_us is None else self.add(self.range(start, end, from_us, to_us))

    def range(self, start: str, end: str, from_us: int | None, to_us: int | None) -> str:
        """The condition that a stretch of time overlaps a range; 1 when the range has no bounds."""
        parts: list[str] = []
        if to_us is not None:
            parts.append(f"{start} < {self.bindings.bind(to_us, 'Int64')}")
        if from_us is not None:
            parts.append(f"{end} >= {self.bindings.bind(from_us, 'Int64')}")
        return " AND ".join(parts) or "1"

    def filtered(self, term: Term | None, from_us: int | None, to_us: int | None) -> "Where":
        """Select by a filter of sessions.

        Raises:
            FilterError: It names what does not exist, or compares across types.
        """
        if term is not None:
            self.add(Compiler(self.bindings, from_us, to_us).compile(term))
        return self
