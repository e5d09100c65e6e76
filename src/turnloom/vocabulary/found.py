"""A candidate for a field: where it stands in the precedence, its key and its value."""

from typing import Any

Found = tuple[int, str, Any]
"""(order, key, value); the smallest order wins."""

PLACES_MAX = 16
"""Orders in one row: a metadata row has one for each place in which metadata is looked for."""


def order_of(rank: int, place: int = 0) -> int:
    """Number a place within a row so that all of a row comes before the next one.

    Args:
        rank: Position of the row in its field, from 0.
        place: Position of the place in the row, from 0.

    Returns:
        The order.
    """
    return rank * PLACES_MAX + place


def rank_of(order: int) -> int:
    """Find the row that an order belongs to.

    Args:
        order: As made by `order_of`.

    Returns:
        Position of the row in its field, from 0.
    """
    return order // PLACES_MAX
