"""Text search: what was said anywhere in a session, found in its spans."""

from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.needles import needle_variants
from turnloom.server.analytics.sql import load

HOUR_US = 3_600_000_000

SPAN_COLUMNS = {
    "any_input": ("input", "input_text"),
    "any_output": ("output", "output_text"),
    "any_text": ("input", "input_text", "output", "output_text"),
}

TURN_COLUMNS = {"any_input": ("input",), "any_output": ("output",), "any_text": ("input", "output")}


def text_condition(
    bindings: Bindings, needle: str, place: str, from_us: int | None, to_us: int | None
) -> str:
    """The condition over `sessions` that a text occurs, in any case of its letters.

    Args:
        bindings: Where values go.
        needle: The text.
        place: `any_input`, `any_output`, `any_text` or `title`.
        from_us: Start of the time range to look in; None for any.
        to_us: Its end.

    Returns:
        A condition; its cost grows with the text in the range.
    """
    variants = bindings.bind(needle_variants(needle), "Array(String)")
    search = "multiSearchAnyCaseInsensitive" if needle.isascii() else "multiSearchAnyCaseInsensitiveUTF8"
    if place == "title":
        return _occurs(search, ("title",), variants)
    hours = ""
    if from_us is not None:
        hours += f" AND hour >= {bindings.bind(max(from_us // HOUR_US, 0), 'UInt32')}"
    if to_us is not None:
        hours += f" AND hour <= {bindings.bind(max(to_us // HOUR_US, 0), 'UInt32')}"
    hits = load("text_hits").substitute(
        hours=hours,
        in_spans=_occurs(search, SPAN_COLUMNS[place], variants),
        in_turns=_occurs(search, TURN_COLUMNS[place], variants),
    )
    return f"(session_id IN ({hits}))"


def _occurs(search: str, columns: tuple[str, ...], variants: str) -> str:
    return "(" + " OR ".join(f"ifNull({search}({column}, {variants}), 0)" for column in columns) + ")"
