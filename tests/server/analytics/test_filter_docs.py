"""The docs of the filter language hold every field and every word."""

from pathlib import Path

from turnloom.server.analytics.filter import SESSION_FIELDS, TURN_FIELDS
from turnloom.server.analytics.filter.parser import PLACES, QUANTIFIERS, STATE_WORDS
from turnloom.server.analytics.filter.session_fields import END_REASONS

TEXT = (Path(__file__).parents[3] / "docs" / "filter.md").read_text(encoding="utf-8")


def test_every_field_is_in_the_docs() -> None:
    """Each in a row that holds its name, its type and its description."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    for prefix, fields in (("", SESSION_FIELDS), ("turn.", TURN_FIELDS)):
        for field in fields.values():
            names = (f"`{prefix}{field.name}`", f"`{prefix}{field.name}(")
            found = [row for row in rows if any(name in row.split(" | ")[0] for name in names)]
            assert any(f"| {field.kind}" in row and field.description in row for row in found), field.name


def test_every_word_is_in_the_docs() -> None:
    """States, places of texts, reasons."""
    for word in (*STATE_WORDS, *PLACES, *END_REASONS):
        assert f"{word}`" in TEXT, word
    for word in QUANTIFIERS:
        assert f"`{word}(" in TEXT
