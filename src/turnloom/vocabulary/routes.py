"""From a key to the fields it may fill: the dialect table turned round.

A span has about twenty keys and the table more than two hundred, so a span's own keys are looked
up, each once, instead of probing the table's. Keys of a family are resolved on first sight and
remembered.
"""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from turnloom.vocabulary.found import Found, order_of
from turnloom.vocabulary.table import EVENT, METADATA_PLACES, M, Table
from turnloom.vocabulary.values import parsed

Route = tuple[str, int]
"""(field, order)."""

_order = itemgetter(0)

REMEMBERED_MAX = 50_000
"""Keys remembered; more are resolved each time (a sender that puts ids into keys)."""


PLANS_MAX = 4_096
"""Sets of keys remembered: an instrumentation writes a few dozen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What spans with the same keys may hold."""

    fields: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    """Field and its (order, key), best first."""
    places: tuple[str, ...]
    """Keys whose value is an object of metadata."""


class Routes:
    """Which fields a key may fill, and in which order.

    Args:
        table: Field to rows, in order of precedence.
        places: Where metadata is looked for, in order.
    """

    def __init__(self, table: Table, places: tuple[str, ...] = METADATA_PLACES) -> None:
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._by_key: dict[str, tuple[Route, ...]] = {}
        self._families: list[tuple[str, Route]] = []
        self._objects: dict[str, dict[str, tuple[Route, ...]]] = {place: {} for place in places}
        self._metadata = {
            (field, rank)
            for field, rows in table.items()
            for rank, row in enumerate(rows)
            if isinstance(row, M)
        }
        for field, rows in table.items():
            for rank, row in enumerate(rows):
                self._add(field, rank, row)
        self._room = len(self._by_key) + REMEMBERED_MAX

    def _add(self, field: str, rank: int, row: str | M) -> None:
        if isinstance(row, M):
            for place, name in enumerate(self._objects):
                route = (field, order_of(rank, place))
                self._append(self._by_key, f"{name}.{row.key}", route)
                self._append(self._objects[name], row.key, route)
        elif row.startswith(EVENT):
            return  # no attribute: whoever fills the field looks at the events
        elif row.endswith(".*"):
            self._families.append((row[:-1], (field, order_of(rank))))
        else:
            self._append(self._by_key, row, (field, order_of(rank)))

    @staticmethod
    def _append(routes: dict[str, tuple[Route, ...]], key: str, route: Route) -> None:
        routes[key] = (*routes.get(key, ()), route)

    def is_metadata(self, field: str, rank: int) -> bool:
        """Whether a row of a field is one of metadata.

        Args:
            field: The field.
            rank: Position of the row, from 0.
        """
        return (field, rank) in self._metadata

    def find(self, attributes: Mapping[str, Any]) -> dict[str, list[Found]]:
        """Sort the attributes of a span into the fields they may fill.

        Args:
            attributes: The span's attributes as sent.

        Returns:
            Field to its candidates, best first. Empty values are left out.
        """
        keys = tuple(attributes)
        plan = self._plans.get(keys) or self._plan(keys)
        found: dict[str, list[Found]] = {}
        for field, candidates in plan.fields:
            here = [
                (order, key, value)
                for order, key in candidates
                if (value := attributes[key]) is not None and value != ""
            ]
            if here:
                found[field] = here
        for place in plan.places:
            self._find_in_object(place, attributes[place], found)
        return found

    def _plan(self, keys: tuple[str, ...]) -> "Plan":
        """Sort keys into the fields they may fill: once for all spans that have the same ones."""
        fields: dict[str, list[tuple[int, str]]] = {}
        for key in keys:
            routes = self._by_key.get(key)
            for field, order in self._learn(key) if routes is None else routes:
                fields.setdefault(field, []).append((order, key))
        ordered = tuple((field, tuple(sorted(candidates))) for field, candidates in fields.items())
        plan = Plan(ordered, tuple(place for place in keys if place in self._objects))
        if len(self._plans) < PLANS_MAX:
            self._plans[keys] = plan
        return plan

    def _learn(self, key: str) -> tuple[Route, ...]:
        routes = tuple(
            route for prefix, route in self._families if key.startswith(prefix) and len(key) > len(prefix)
        )
        if len(self._by_key) < self._room:
            self._by_key[key] = routes
        return routes

    def _find_in_object(self, place: str, value: Any, found: dict[str, list[Found]]) -> None:
        entries = parsed(value)
        if not isinstance(entries, dict):
            return
        routes = self._objects[place]
        for key, inner in cast("dict[Any, Any]", entries).items():
            for field, order in routes.get(key, ()):
                if inner is not None and inner != "":
                    insort(found.setdefault(field, []), (order, f"{place}.{key}", inner), key=_order)


def spelled(rows: Iterable[str | M]) -> tuple[str, ...]:
    """Write the rows of a field for people.

    Args:
        rows: The rows.

    Returns:
        Keys; metadata rows as `M(key)`, families as `prefix.*`.
    """
    return tuple(str(row) for row in rows)
