"""Traced text may hold what drives a terminal: titles, colours, moved cursors, reversed lines."""

import re

ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_].*?(?:\x1b\\|\x07|$)"  # OSC and other strings: titles, links, clipboard
    r"|\x1b[ -/]*[0-~]"  # the short ones
    r"|\x9b[0-?]*[ -/]*[@-~]",  # CSI in one character
    re.DOTALL,
)

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for tab and line feed, marks that turn the direction of text, half pairs."""


def safe_text(text: object) -> str:
    """Text without anything that a terminal would obey.

    Args:
        text: A value of an answer; None becomes "".
    """
    if text is None:
        return ""
    return CONTROLS.sub("", ESCAPES.sub("", str(text).replace("\r\n", "\n")))


def safe_line(text: object, length_max: int = 80) -> str:
    """The same in one line of at most `length_max` characters."""
    line = " ".join(safe_text(text).split())
    return line if len(line) <= length_max else line[: length_max - 1] + "…"
