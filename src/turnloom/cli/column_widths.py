"""How wide the columns of a table may be."""

from collections.abc import Sequence

GAP = 2
"""Cells between two columns."""

CELL_LENGTH_MIN = 14
"""Below this a cut text says nothing."""


def column_widths(natural: Sequence[int], elastic: Sequence[int], total: int) -> list[int]:
    """Fit columns into a terminal.

    Args:
        natural: The width that each column would like to have.
        elastic: Indexes of columns that are cut where there is too little; the first are left out if need be.
        total: What there is.

    Returns:
        A width for each column, 0 to leave it out.
    """
    widths = list(natural)
    for dropped in range(len(elastic)):
        giving = elastic[dropped:]
        rigid = sum(width + GAP for index, width in enumerate(natural) if index not in elastic)
        left = max(0, total - rigid - GAP * (len(giving) - 1))
        least = [min(natural[index], CELL_LENGTH_MIN) for index in giving]
        if left >= sum(least) or dropped == len(elastic) - 1:
            for index, width in zip(giving, _shared(max(left, sum(least)), giving, natural), strict=True):
                widths[index] = width
            break
        widths[elastic[dropped]] = 0
    return widths


def _shared(left: int, giving: Sequence[int], natural: Sequence[int]) -> list[int]:
    """Even parts of what is left; what one does not need is the others'."""
    parts: dict[int, int] = {}
    for number, index in enumerate(sorted(giving, key=lambda index: natural[index])):
        parts[index] = min(natural[index], left // (len(giving) - number))
        left -= parts[index]
    return [parts[index] for index in giving]
