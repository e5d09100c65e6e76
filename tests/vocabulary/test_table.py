"""The table is data: it can be read, altered, and is complete in the documentation."""

from pathlib import Path

import pytest

from turnloom.model.span import KINDS, Span
from turnloom.vocabulary import TABLE, M, Vocabulary, describe
from turnloom.vocabulary.value_maps import KINDS as KIND_VALUES

from .made import raw

DOCS = Path(__file__).parents[2] / "docs" / "vocabulary.md"


def test_a_new_dialect_is_new_rows() -> None:
    """A key, a metadata key and a family of a convention that nobody has heard of."""
    table = {
        **TABLE,
        "session": (*TABLE["session"], "acme.chat.id", M("acme_chat")),
        "input": ("acme.said.*", *TABLE["input"]),
        "kind": ("acme.kind", *TABLE["kind"]),
    }
    vocabulary = Vocabulary(table)
    read = vocabulary.canonical(
        raw(
            {
                "acme.chat.id": "s-1",
                "acme.said.0.role": "user",
                "acme.said.0.content": "Hi",
                "acme.kind": "chat",
            }
        )
    )
    assert (read.session_id, read.session_key, read.session_rank) == (
        "s-1",
        "acme.chat.id",
        len(TABLE["session"]),
    )
    assert (read.kind, read.input_text, read.input_key) == ("llm", "Hi", "acme.said.")
    assert vocabulary.canonical(raw({"metadata": '{"acme_chat": 7}'})).session_key == "metadata.acme_chat"
    assert Vocabulary().canonical(raw({"acme.chat.id": "s-1"})).session_id is None


def test_a_new_place_of_metadata() -> None:
    """Every metadata key is looked for there too."""
    vocabulary = Vocabulary(places=("acme.metadata",))
    assert (
        vocabulary.canonical(raw({"acme.metadata.session_id": "s"})).session_key == "acme.metadata.session_id"
    )
    assert vocabulary.canonical(raw({"acme.metadata": {"session_id": "s"}})).session_id == "s"


def test_the_table_can_be_read() -> None:
    """Docs, doctor and *why grouped* see what decides."""
    told = describe()
    assert told["session"][:3] == ("langfuse.session.id", "session.id", "M(langfuse_session_id)")
    assert told["input"].index("gen_ai.input.messages") < told["input"].index("llm.input_messages.*")
    assert told.keys() == TABLE.keys()


@pytest.mark.parametrize("field", TABLE)
def test_no_row_stands_twice(field: str) -> None:
    """The second could never win."""
    rows = TABLE[field]
    assert len(set(rows)) == len(rows)


def test_kinds_are_ours() -> None:
    """Every value maps to a kind of the model."""
    assert set(KIND_VALUES.values()) <= set(KINDS)


@pytest.mark.parametrize("field", TABLE)
def test_the_documentation_lists_every_row(field: str) -> None:
    """In order."""
    line = next(line for line in DOCS.read_text().splitlines() if line.startswith(f"| `{field}` |"))
    line = line.split("|", 2)[2]
    places = [line.index(f"`{row}`") for row in describe()[field]]
    assert places == sorted(places)


def test_keys_that_ids_hide_in_are_remembered_up_to_a_bound() -> None:
    """A sender that puts ids into keys does not fill the memory."""
    vocabulary = Vocabulary()
    routes = vocabulary._routes
    for number in range(60_000):
        routes.find({f"seen.{number}": 1})
    assert len(routes._by_key) <= routes._room
    assert isinstance(vocabulary.canonical(raw({"session.id": "s"})), Span)
