"""Recorded set-ups through the whole digest group as what happened, wherever the ids are on the wire."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from turnloom.model.turn import ACTIVITY, FAILED, Turn
from turnloom.server.domain.rules import SessionRules
from turnloom.server.domain.session import read_session
from turnloom.server.store.engine import Engine
from turnloom.server.store.schema import migrate

from . import recorded
from .grouping import EXPECTED
from .recorded import NAMES, requests
from .replay import RECEIVED_US, Batch, Replay, Request, apart, whole


@dataclass(frozen=True, order=True)
class Seen:
    """What is compared of a turn."""

    trace_id: str
    session: str
    grouped: str
    """`own`, `derived` or `ungrouped`."""
    conversation: str | None
    user: str | None
    number: int | None
    input: str | None
    output: str | None
    failed: bool
    error_type: str | None
    tokens: tuple[int | None, int | None]


@pytest.fixture(scope="module")
def replay(engine_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """All recordings digested as they came, each a project of its name."""
    engine = Engine(engine_dsn, "grouping")
    migrate(engine, durable=False)
    replay = Replay(engine, tmp_path_factory.mktemp("segments"))
    for name in NAMES:
        replay.send(name, [[request] for request in requests(name)])
    yield replay
    engine.command("DROP DATABASE grouping SYNC")
    engine.close()


@pytest.mark.parametrize("name", NAMES)
def test_turns_group_as_they_happened(name: str, replay: Replay) -> None:
    """Session, conversation, user, number, texts, error and tokens of every turn."""
    stored = replay.turns(name)
    found = sorted(_seen(turn) for turn in stored if turn.source != ACTIVITY)
    assert found == sorted(_expected(name))
    assert _beside(stored, replay.other_traffic(name)) == sorted(EXPECTED[name].beside)


@pytest.mark.parametrize("name", NAMES)
def test_sessions_add_up(name: str, replay: Replay) -> None:
    """A session counts each of its turns once: turns, errors, tokens, users and conversations."""
    expected: dict[str, list[Seen]] = {}
    for seen in _expected(name):
        expected.setdefault(seen.session, []).append(seen)
    sessions = replay.sessions(name)
    for session_id, seen in expected.items():
        session = sessions[session_id]
        assert session.grouped is (seen[0].grouped != "ungrouped")
        assert session.derived is (seen[0].grouped == "derived")
        assert session.turns_count == len(seen)
        assert session.errors == sum(each.failed for each in seen)
        assert session.input_tokens == _sum(each.tokens[0] for each in seen)
        assert session.output_tokens == _sum(each.tokens[1] for each in seen)
        assert set(session.user_ids) == {each.user for each in seen} - {None}
        assert set(session.conversation_ids) == {each.conversation for each in seen} - {None}


PIECES_MAX = 8
"""Requests that one digest takes of a recording that is shuffled or taken apart."""

VARIANTS = ("twice", "whole", "shuffled 1", "shuffled 2", "apart 1", "apart 2")


@pytest.mark.parametrize("name", NAMES)
def test_order_and_repetition_change_nothing(name: str, replay: Replay) -> None:
    """Sent twice, shuffled, span by span or all at once: every row of every table is the same."""
    expected = replay.tables(name)
    for variant in VARIANTS:
        project = f"{name} {variant}"
        replay.send(project, _sent_as(variant, requests(name)), forget=variant in {"twice", "shuffled 1"})
        found = replay.tables(project)
        assert [table for table in expected if found[table] != expected[table]] == []


def test_scores_reach_their_turns(replay: Replay) -> None:
    """Two thumbs up for two turns of one session, as the SDK posts them."""
    turns = [turn for turn in replay.turns("langfuse_sdk") if turn.scores]
    rated = {turn.input: [score[:3] for score in turn.scores] for turn in turns}
    assert rated == {
        "What is Python?": [("helpful", "", 1.0)],
        "New topic: tell me about tea": [("helpful", "", 1.0)],
    }
    assert replay.sessions("langfuse_sdk")["sess-alice-1"].scores == {"helpful": 1.0}


def test_calls_of_one_exchange_are_one_turn_by_rule(replay: Replay) -> None:
    """Each call is a trace of its own: with the project's rule the turn with a tool is one again."""
    stored = [turn for turn in replay.turns("oi_openai") if turn.session_id == "sess-alice-1"]
    reading = read_session("sess-alice-1", stored, [], SessionRules(merge_calls=True), RECEIVED_US)
    assert [(turn.number, turn.input, turn.part_of is None) for turn in reading.turns] == [
        (1, "What is Python?", True),
        (2, "What is the weather in Oslo?", True),
        (None, "What is the weather in Oslo?", False),
        (3, "New topic: tell me about tea", True),
    ]
    session = reading.session
    assert (session.turns_count, session.input_tokens, session.output_tokens) == (3, 80, 35)


def _sent_as(variant: str, sent: list[Request]) -> Iterator[Batch]:
    rng = random.Random(variant)
    if variant == "twice":
        middle = len(sent) // 2
        yield [request for request in sent[:middle] for _ in range(2)]
        yield sent[middle:]
        yield sent[middle:]
    elif variant == "whole":
        yield whole(sent)
    else:
        pieces = apart(sent) if variant.startswith("apart") else list(sent)
        rng.shuffle(pieces)
        while pieces:
            size = rng.randint(1, PIECES_MAX)
            yield pieces[:size]
            pieces = pieces[size:]


def _seen(turn: Turn) -> Seen:
    grouped = "derived" if turn.derived else "own" if turn.grouped else "ungrouped"
    return Seen(
        turn.trace_id, turn.session_id, grouped, turn.conversation_id, turn.user_id, turn.number,
        turn.input, turn.output, turn.status in FAILED, turn.error_type,
        (turn.input_tokens, turn.output_tokens),
    )  # fmt: skip


def _expected(name: str) -> list[Seen]:
    """The table of a recording, filled in from its truth."""
    happened = [(trace_id, turn) for turn in recorded.turns(name) for trace_id in turn["trace_ids"]]
    rows = [line.split() for line in EXPECTED[name].rows.split("\n") if line.strip()]
    return [_row(cells, *each) for cells, each in zip(rows, happened, strict=True)]


def _row(cells: list[str], trace_id: str, truth: dict[str, Any]) -> Seen:
    session, conversation, user, number, tokens, *rest = cells
    error_type, output = [*rest, "=", "="][:2] if len(rest) < 2 else rest
    in_truth = {"=": truth["session"], "~": truth["conv"], "-": trace_id}
    kinds = {"~": "derived", "-": "ungrouped"}
    counts = [int(count) for count in tokens.split("/")] if tokens != "-" else [None, None]
    return Seen(
        trace_id,
        in_truth.get(session, session),
        kinds.get(session, "own"),
        {"=": truth["conv"], "-": None}[conversation],
        {"=": truth["user"], "-": None}[user],
        truth["n"] if number == "=" else int(number),
        truth["text"] if truth.get("input_on_wire", True) else None,
        (truth["output"] or None) if output == "=" else None,
        bool(truth.get("error")),
        truth["error_type"] if error_type == "=" else None,
        (counts[0], counts[1]),
    )


def _beside(stored: Iterable[Turn], other: set[str]) -> list[tuple[str, str]]:
    """Activity with its session, and other traffic."""
    activity = [
        (turn.trace_id[:6], f"activity {turn.session_id if turn.grouped else '-'}")
        for turn in stored
        if turn.source == ACTIVITY
    ]
    return sorted(activity + [(trace_id[:6], "other") for trace_id in other])


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
