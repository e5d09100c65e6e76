"""Definitions, *Session state*, *Running, waiting, crashed* and *Outcome*."""

import json

import pytest

from domain.build import activity, announced, ended, record, score, session, stored, turn, us
from turnloom.server.domain.state import dropoff_at, end_reason_at, outcome_at, state_at


def journey(**step):
    """A step of a journey."""
    return {"journey_steps": (json.dumps({"name": "j", **step}),)}


def at(found, now):
    """State, end reason, outcome and drop-off at a time."""
    clock = us(now)
    return (
        state_at(found, clock),
        end_reason_at(found, clock),
        outcome_at(found, clock),
        dropoff_at(found, clock),
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (1, ("live", None, "open", None)),
        (60.9, ("live", None, "open", None)),
        (61, ("idle", None, "open", None)),
        (1800.9, ("idle", None, "open", None)),
        (1801, ("ended", "timeout", "ended", "natural_end")),
    ],
)
def test_state_follows_the_clock(now, expected):
    """State follows the clock."""
    assert at(stored(turn(0)), now) == expected


def test_a_running_turn_is_live_until_it_is_incomplete():
    """A running turn is live until it is incomplete."""
    found = stored(announced(0), now=100)

    assert [state_at(found, us(now)) for now in (100, 899, 901, 2699, 2700)] == [
        "live",
        "live",
        "idle",
        "idle",
        "ended",
    ]
    assert (found.changes_us, found.running_until_us) == (us(900), us(900))


@pytest.mark.parametrize(("now", "status", "changes"), [(899, "running", us(900)), (900, "incomplete", None)])
def test_an_announced_turn_is_incomplete_after_15_min(now, status, changes):
    """An announced turn is incomplete after 15 min."""
    reading = session(announced(0), now=now)

    assert reading.turns[0].status == status
    assert reading.session.changes_us == changes
    assert reading.session.strip_outcomes == (status,)


def test_a_clock_that_is_ahead_makes_no_turn_run_longer():
    """A clock that is ahead makes no turn run longer."""
    assert session(announced(7200, received_us=us(10)), now=911).turns[0].status == "incomplete"


@pytest.mark.parametrize("reason", ["completed", "user_exit", "logout", "replaced", "error"])
def test_an_explicit_end_wins(reason):
    """An explicit end wins."""
    found = stored(turn(0), ended(reason, 2))

    assert (state_at(found, us(3)), end_reason_at(found, us(3))) == ("ended", reason)
    assert (found.closes_us, found.reopened_count) == (None, 0)


def test_an_end_without_a_reason_is_an_end():
    """An end without a reason is an end."""
    found = stored(turn(0), ended(None, 2))

    assert at(found, 3) == ("ended", None, "ended", "natural_end")


def test_activity_after_an_explicit_end_reopens():
    """Activity after an explicit end reopens."""
    found = stored(turn(0), ended("logout", 2), turn(100))

    assert (found.end_reason, found.end_us, found.reopened_count) == (None, None, 1)
    assert found.closes_us == us(101 + 1800)


@pytest.mark.parametrize(
    ("items", "reopened", "reason"),
    [
        ([turn(0), ended("logout", 2), turn(10), ended("completed", 20)], 1, "completed"),
        ([turn(0), ended("logout", 2), ended("completed", 3)], 0, "completed"),
        ([turn(0), ended("logout", 2), turn(10), ended("logout", 20), turn(30)], 2, None),
        ([turn(0, 10), ended("logout", 2)], 0, "logout"),
        ([turn(0), ended("logout", 2), activity(5, 6)], 1, None),
        ([turn(0), ended("logout", 2), activity(5, 6, extends_us=None)], 0, "logout"),
        ([turn(0), ended("logout", 2), score("stars", 5, 9, trace_id=None, session_id="s")], 0, "logout"),
        ([turn(0), ended("logout", 2), record("session.start", 5, session_id="s")], 1, None),
    ],
    ids=[
        "ended again",
        "ended twice",
        "reopened twice",
        "end in a turn",
        "activity",
        "evaluator",
        "survey",
        "start",
    ],
)
def test_what_reopens(items, reopened, reason):
    """What reopens."""
    found = stored(*items)

    assert (found.reopened_count, found.end_reason) == (reopened, reason)


def test_a_session_that_another_one_replaces():
    """A session that another one replaces."""
    start = record("session.start", 5, session_id="new", body={"session.previous_id": "s"})

    assert stored(turn(0), start).end_reason == "replaced"


def test_an_end_reason_on_a_span_is_an_explicit_end():
    """An end reason on a span is an explicit end."""
    told = {"session_attributes": {"end_reason": "completed"}}

    found = stored(turn(0, **told), turn(10, 12, **told))

    assert (found.end_reason, found.end_us, found.reopened_count) == ("completed", us(12), 0)
    assert stored(turn(0, **told), turn(10)).end_reason is None


@pytest.mark.parametrize(
    ("items", "outcome"),
    [
        ([turn(0), ended("completed", 2)], "resolved"),
        ([turn(0), ended("logout", 2)], "ended"),
        ([turn(0, status="error"), ended("logout", 2)], "dropped"),
        ([turn(0, status="error"), ended("completed", 2)], "resolved"),
        ([turn(0)], "ended"),
        ([turn(0, asked_question=True)], "dropped"),
        ([turn(0, session_attributes={"outcome": "escalated"}), ended("completed", 2)], "escalated"),
        ([turn(0, status="error"), score("stars", 5, 9, trace_id=None, session_id="s")], "resolved"),
        ([turn(0, status="error"), score("stars", 3, 9, trace_id=None, session_id="s")], "dropped"),
        ([turn(0, status="error", **journey(converted="true"))], "resolved"),
        ([turn(0, **journey(stage_number="3", total_stages="3"))], "resolved"),
        ([turn(0, **journey(stage_number="2", total_stages="3"))], "dropped"),
    ],
    ids=[
        "completed", "logout", "failed, then logout", "completed wins", "timeout", "dropped", "reported",
        "good rating", "neutral rating", "conversion", "last stage", "open journey",
    ],
)  # fmt: skip
def test_outcome(items, outcome):
    """Outcome."""
    assert outcome_at(stored(*items), us(1_000_000)) == outcome


def test_the_stored_session_changes_with_the_clock_only_where_it_says():
    """The stored session changes with the clock only where it says."""
    items = [turn(0), announced(50), turn(100), ended("logout", 10)]
    before = stored(*items, now=949)

    assert stored(*items, now=200) == before
    assert before.changes_us == us(950)
    assert stored(*items, now=950) == stored(*items, now=1_000_000) != before
