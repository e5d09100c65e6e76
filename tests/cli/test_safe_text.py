"""Nothing of traced text reaches the terminal but text."""

import pytest

from turnloom.cli.safe_text import safe_line, safe_text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain\ttext\nline", "plain\ttext\nline"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[?1049hx\x1b[2J", "x"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPdevice\x1b\\x", "x"),
        ("\x1b]52;c;cm0gLXJm", ""),
        ("\x1bcx", "x"),
        ("\x9b31mx", "x"),
        ("a\rb\x08c\x00\x7f", "abc"),
        ("a\r\nb", "a\nb"),
        ("\u202eabc\u2066", "abc"),
        ("emoji 👩‍👩‍👧 stays", "emoji 👩‍👩‍👧 stays"),
        ("half \ud800 pair", "half  pair"),
        ("\x1b", ""),
        (None, ""),
        (7, "7"),
    ],
)
def test_escapes_are_stripped(given: object, shown: str) -> None:
    """Colours, titles, links, clipboard, cursor, direction."""
    assert safe_text(given) == shown


def test_a_line_is_one_line_and_short() -> None:
    """For cells of a table."""
    assert safe_line("a\n\n b\x1b[1mc") == "a bc"
    assert safe_line("x" * 100, 10) == "x" * 9 + "…"
