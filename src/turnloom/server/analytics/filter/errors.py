"""What is wrong with a filter, said so that it can be mended."""

import difflib
from collections.abc import Iterable


class FilterError(Exception):
    """A filter that cannot be read.

    Args:
        column: Character at which it goes wrong, from 1.
        message: What was found, what would fit, and the nearest name.
    """

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column
        self.message = message


def nearest(given: str, known: Iterable[str]) -> str:
    """Name what was probably meant.

    Args:
        given: What was written.
        known: Every name that would fit.

    Returns:
        A question to end a message with, or "" when nothing is near.
    """
    by_fold = {name.casefold(): name for name in known}
    folded = given.casefold()
    found = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    if not found and folded:
        found = sorted((name for name in by_fold if name.startswith(folded)), key=len)[:1]
    return f" \N{EN DASH} did you mean `{by_fold[found[0]]}`?" if found else ""


def listing(names: Iterable[str]) -> str:
    """Names as prose: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def shown(text: str, length_max: int = 40) -> str:
    """A piece of a filter as it is quoted in a message."""
    return f"`{text if len(text) <= length_max else text[:length_max] + '…'}`"
