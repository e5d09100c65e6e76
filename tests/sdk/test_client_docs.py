"""What is written about the client is complete."""

import inspect
import re
from pathlib import Path

import turnloom
from turnloom import semconv

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "client.md").read_text()


def test_the_page_lists_every_public_name():
    """Each in a code span."""
    assert not [
        name for name in turnloom.__all__ if f"`{name}" not in PAGE and f"turnloom.{name}" not in PAGE
    ]


def test_the_page_lists_every_argument_of_init():
    """Each in a code span."""
    assert not [name for name in inspect.signature(turnloom.init).parameters if f"`{name}`" not in PAGE]


def test_the_page_lists_every_variable_that_is_read():
    """Of Turnloom, Langfuse and OpenTelemetry."""
    source = "".join(path.read_text() for path in (ROOT / "src" / "turnloom" / "sdk").glob("*.py"))
    names = set(re.findall(r'"((?:TURNLOOM|LANGFUSE|OTEL)_[A-Z_]+)"', source))
    assert len(names) > 15
    assert not sorted(name for name in names if f"`{name}`" not in PAGE)


def test_each_attribute_key_is_there_once():
    """A key has one name; the two that a list repeats are named in the list for reading."""
    keys = [value for name, value in vars(semconv).items() if name.isupper() and isinstance(value, str)]
    events = {value for name, value in vars(semconv).items() if name.startswith("EVENT_")}
    assert sorted(keys) == sorted(set(keys))
    assert events == {"session.start", "session.end", "turn.start", "human.request", "human.response"}
