"""Where questions are put: the engine, one project, the clock and the limits of a query."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.sql import load
from turnloom.server.store.engine import Engine


@dataclass(frozen=True, slots=True)
class Source:
    """What every question is given."""

    engine: Engine
    project: str
    now_us: int
    """The clock, microseconds since 1970."""
    time_max_s: float = 20.0
    """Time after which the engine stops a query."""
    bytes_max: int = 2_000_000_000
    """Memory that a query may use."""
    bookmarked: tuple[str, ...] = ()
    """Ids of bookmarked sessions."""

    def bindings(self) -> Bindings:
        """Values of a new query, with its project."""
        return Bindings(self.project, self.now_us, self.bookmarked)

    def ask(self, name: str, bindings: Bindings, fillings: Mapping[str, object]) -> list[list[Any]]:
        """Run the statement of a question.

        Args:
            name: Its file, without `.sql`.
            bindings: Values of its placeholders.
            fillings: Conditions, columns and order that the code made.

        Returns:
            Rows of JSON values.

        Raises:
            QueryRefusedError: The engine stopped it at a limit.
        """
        sql = load(name).substitute(fillings)
        # In the text, because the embedded engine takes settings beside it one statement at a time.
        limits = f"max_execution_time = {self.time_max_s:g}, max_memory_usage = {self.bytes_max:d}"
        return self.engine.query(f"{sql}\nSETTINGS {limits}", bindings.values)
