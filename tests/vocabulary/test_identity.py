"""Session, conversation, user and turn number: the order of precedence, row by row."""

import json
from typing import Any

import pytest

from turnloom.model.ids import shorten_id

from .made import span

PLACES = (
    "langfuse.observation.metadata.",
    "langfuse.trace.metadata.",
    "metadata.",
    "traceloop.association.properties.",
    "langsmith.metadata.",
    "ai.telemetry.metadata.",
    "mlflow.traceTag.",
)


def everywhere(key: str) -> list[str]:
    """A metadata key in each of its places, in order."""
    return [place + key for place in PLACES]


LADDERS = {
    "session": [
        "langfuse.session.id",
        "session.id",
        *everywhere("langfuse_session_id"),
        *everywhere("langfuseSessionId"),
        *everywhere("session_id"),
        *everywhere("sessionId"),
        "mlflow.trace.session",
        "ag.session.id",
        "$ai_session_id",
    ],
    "conversation": [
        "conversation.id",
        "thread.id",
        *everywhere("conversation_id"),
        *everywhere("conversationId"),
        *everywhere("thread_id"),
        *everywhere("threadId"),
        *everywhere("chat_id"),
        *everywhere("chatId"),
        "group_id",
        "gen_ai.conversation.id",
        "gcp.vertex.agent.session_id",
    ],
    "user": [
        "langfuse.user.id",
        "user.id",
        *everywhere("langfuse_user_id"),
        *everywhere("user_id"),
        *everywhere("userId"),
        "mlflow.trace.user",
        "enduser.id",
        "enduser.pseudo.id",
        "user.hash",
        "gen_ai.user",
        *everywhere("customer_id"),
    ],
}


@pytest.mark.parametrize(
    ("field", "rank"), [(field, rank) for field, keys in LADDERS.items() for rank in range(len(keys))]
)
def test_the_first_key_that_is_present_wins(field: str, rank: int) -> None:
    """Each key beats all that follow it, and is named as the reason."""
    left = LADDERS[field][rank:]
    read = span({key: f"id of {key}" for key in reversed(left)})
    assert getattr(read, f"{field}_id") == f"id of {left[0]}"
    assert getattr(read, f"{field}_key") == left[0]


@pytest.mark.parametrize("field", LADDERS)
def test_ranks_rise_with_the_rows(field: str) -> None:
    """A rank is the position of the row; the places of one metadata key share it."""
    ranks = [getattr(span({key: "x"}), f"{field}_rank") for key in LADDERS[field]]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (["turn.number", "conversation.turn_number", "metadata.turn_number", "metadata.turn"], 1),
        (["conversation.turn_number", "metadata.turn_number", "metadata.turn"], 1),
        (["langfuse.trace.metadata.turn_number", "langfuse.trace.metadata.turn"], 1),
        (["langfuse.trace.metadata.turn"], 1),
    ],
)
def test_turn_number(keys: list[str], number: int) -> None:
    """The first key that holds a number wins."""
    read = span({key: f'"{number + index}"' for index, key in enumerate(keys)})
    assert (read.turn_number, read.turn_number_key) == (number, keys[0])


NEVER: list[dict[str, Any]] = [
    {"mcp.session.id": "transport"},
    {"langsmith.trace.session_id": "project"},
    {"langsmith.trace.session_name": "project"},
    {"turn": 3, "event_loop.cycle_id": "4"},
]


@pytest.mark.parametrize("attributes", NEVER)
def test_what_is_never_an_id(attributes: dict[str, Any]) -> None:
    """Transports, projects and steps of an agent's loop are no session and no turn."""
    read = span(attributes)
    assert (read.session_id, read.conversation_id, read.turn_number) == (None, None, None)


def test_a_session_on_a_resource_is_none() -> None:
    """A process is not a session."""
    assert span(resource={"session.id": "process"}).session_id is None


@pytest.mark.parametrize(
    "metadata",
    [json.dumps({"session_id": "s-1"}), {"session_id": "s-1"}, json.dumps(json.dumps({"session_id": "s-1"}))],
)
def test_metadata_in_one_object(metadata: Any) -> None:
    """OpenInference sends metadata as one JSON object, kvlists occur, MLflow encodes twice."""
    read = span({"metadata": metadata})
    assert (read.session_id, read.session_key) == ("s-1", "metadata.session_id")


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        ('"quoted"', "quoted"),
        ("  spaced ", "spaced"),
        (17, "17"),
        (17.0, "17"),
        (["only"], "only"),
        ("сессия-1", "сессия-1"),
        ("", None),
        ("null", None),
        ('"null"', None),
        ("None", None),
        ("undefined", None),
        ('""', None),
        ("[Scrubbed due to 'session']", None),
        (None, None),
        (True, None),
        ([], None),
        (["a", "b"], None),
        ({"a": "b"}, None),
    ],
)
def test_ids_are_clean(value: Any, id_: str | None) -> None:
    """Quotes, blanks, numbers, lists of one, and the words for nothing."""
    read = span({"session.id": value})
    assert read.session_id == id_
    assert read.flags == ()


def test_a_missing_value_leaves_the_place_to_the_next() -> None:
    """Missing is missing, wherever it stands."""
    read = span(
        {
            "langfuse.session.id": "null",
            "session.id": "[Scrubbed due to 'x']",
            "metadata": '{"session_id": 5}',
        }
    )
    assert (read.session_id, read.session_key) == ("5", "metadata.session_id")


@pytest.mark.parametrize("bad", ["a\nb", "a\x00", "\x7f-", "x\x85y"])
def test_control_characters_are_refused(bad: str) -> None:
    """The field is missing and the span says why."""
    read = span({"session.id": bad, "user.id": "u"})
    assert (read.session_id, read.user_id, read.flags) == (None, "u", ("bad_id",))


def test_long_ids_are_shortened_and_kept() -> None:
    """150 characters and a hash, one flag; the original stays among the attributes."""
    long = "x" * 201
    read = span({"session.id": long, "user.id": "y" * 200})
    assert read.session_id == shorten_id(long)
    assert read.user_id == "y" * 200
    assert read.flags == ("long_id",)
    assert read.attributes["session.id"] == long


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    """No store can encode it."""
    assert span({"session.id": '"a\\ud800b"'}).session_id == "a\ufffdb"
