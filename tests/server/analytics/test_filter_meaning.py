"""What filters select, on the real engine."""

from decimal import Decimal

import pytest

from turnloom.model.record import Record
from turnloom.server.analytics.filter import SESSION_FIELDS, TURN_FIELDS, FilterError, parse
from turnloom.server.analytics.filter.fields import Field
from turnloom.server.analytics.order import Order
from turnloom.server.analytics.session_list import Params, list_sessions
from turnloom.server.analytics.source import Source
from turnloom.server.store.engine import Engine

from .stored import (
    MINUTE_US,
    NOW_US,
    START_US,
    a_session,
    a_span,
    a_turn,
    put_record,
    put_sessions,
    put_trace,
    put_turns,
    source,
)

ORDER = Order(SESSION_FIELDS["started_at"], "asc", "session_id")


def selected(given: Source, text: str, from_us: int | None = None, to_us: int | None = None) -> set[str]:
    """Ids of the sessions that a filter selects; the count agrees."""
    page = list_sessions(given, Params(ORDER, 100, parse(text), from_us, to_us))
    assert page.total == len(page.sessions)
    return {session.session_id for session in page.sessions}


def test_missing_satisfies_no_comparison(engine: Engine) -> None:
    """Neither `=` nor `!=`; `is missing` does, and 0 is a value."""
    put_sessions(
        engine,
        a_session("none"),
        a_session("zero", cost_usd=Decimal(0), channel="web", tags=("vip",)),
        a_session("some", cost_usd=Decimal("0.75"), channel="slack", tags=("vip", "beta")),
    )
    given = source(engine)
    for text, expected in {
        "": {"none", "zero", "some"},
        "cost = 0": {"zero"},
        "cost != 0": {"some"},
        "cost < 1": {"zero", "some"},
        "not cost < 1": {"none"},
        "cost is missing": {"none"},
        "cost is not missing": {"zero", "some"},
        "channel = web": {"zero"},
        "channel != web": {"some"},
        "channel not in (web)": {"some"},
        "channel in (web, slack)": {"zero", "some"},
        "channel = WEB": set[str](),
        "tag = beta": {"some"},
        "tag != beta": {"zero"},
        "tag not in (beta, gamma)": {"zero"},
        "tag is missing": {"none"},
        'tag like "b*"': {"some"},
        'channel like "?eb"': {"zero"},
        'id like "*o*e"': {"none", "some"},
        'id like "zero"': {"zero"},
        "cost >= 0.75 or channel = web": {"zero", "some"},
        "cost is missing and tag is missing or tag = beta": {"none", "some"},
    }.items():
        assert selected(given, text) == expected, text


def test_words_of_state(engine: Engine) -> None:
    """State, outcome and end reason are those of the clock that is passed in."""
    closes_us = NOW_US - 1
    put_sessions(
        engine,
        a_session("live", NOW_US - MINUTE_US, closes_us=NOW_US + 30 * MINUTE_US),
        a_session("idle", NOW_US - 5 * MINUTE_US, closes_us=NOW_US + 26 * MINUTE_US, errors=2),
        a_session("timeout", closes_us=closes_us, visit_dropoffs=("natural_end",)),
        a_session(
            "dropped", closes_us=closes_us, visit_dropoffs=("unanswered",), last_action="asked_question"
        ),
        a_session(
            "done", end_reason="completed", end_us=NOW_US - 10, outcome="resolved", visit_dropoffs=("",)
        ),
        a_session("lone", closes_us=closes_us, strip_outcomes=("ok", "timeout")),
    )
    engine.command(
        "ALTER TABLE sessions UPDATE grouped = false WHERE session_id = 'lone' SETTINGS mutations_sync = 1"
    )
    given = source(engine)
    for text, expected in {
        "live": {"live"},
        "idle": {"idle"},
        "ended": {"timeout", "dropped", "done", "lone"},
        "ended by timeout": {"timeout", "dropped", "lone"},
        "ended by completed": {"done"},
        "end_reason is missing": {"live", "idle"},
        "dropped": {"dropped"},
        "dropped and last_action = asked_question": {"dropped"},
        "reason = natural_end": {"timeout"},
        "dropoff is missing": {"live", "idle", "done", "lone"},
        "resolved": {"done"},
        "outcome = open": {"live", "idle"},
        "outcome = ended": {"timeout", "lone"},
        "failing": {"idle", "lone"},
        "ungrouped": {"lone"},
        "not grouped": {"lone"},
        "bookmarked": set[str](),
        "idle > 1h": {"timeout", "dropped", "done", "lone"},
        "ended < now-1h": {"timeout", "dropped", "done", "lone"},
    }.items():
        assert selected(given, text) == expected, text
    marked = Source(engine, given.project, given.now_us, bookmarked=("idle",))
    assert selected(marked, "bookmarked") == {"idle"}


def test_turns_that_any_all_or_no_satisfy(engine: Engine) -> None:
    """One turn must satisfy all of `any`; activity and parts of turns are no turns."""
    put_sessions(engine, a_session("a", turns_count=2), a_session("b", turns_count=1), a_session("empty"))
    put_turns(
        engine,
        a_turn("a", 1, tools=("search",), status="error"),
        a_turn(
            "a", 2, tools=("pay",), latency_us=20_000_000, scores=(("helpful", "u", 1.0, None, 0, "", 1.0),)
        ),
        a_turn(
            "b", 1, tools=("search",), latency_us=None, journey_steps=('{"name":"buy","converted":"true"}',)
        ),
        a_turn("b", None, tools=("cron",), trace_id="c" * 32),
    )
    given = source(engine)
    for text, expected in {
        "any(turn.latency > 10s)": {"a"},
        'any(turn.latency > 10s and turn.tool = "search")': set[str](),
        'any(turn.latency > 10s and turn.tool = "pay")': {"a"},
        "all(turn.tool = search)": {"b"},
        "all(turn.latency < 1m)": {"a"},
        "no(turn.tool = pay)": {"b", "empty"},
        "any(turn.error)": {"a"},
        "no(turn.error)": {"b", "empty"},
        "any(turn.status = error and turn.position = 1)": {"a"},
        "any(turn.tool = cron)": set[str](),
        "any(turn.latency is missing)": {"b"},
        'any(turn.score("helpful") >= 1)': {"a"},
        'any(turn.score("other") is not missing)': set[str](),
        "converted": {"b"},
    }.items():
        assert selected(given, text) == expected, text


def test_text_is_found_wherever_it_was_said(engine: Engine) -> None:
    """In spans however they were encoded, in log records, in any case; bounded by the time range."""
    put_sessions(engine, a_session("a", title="Where is my Refund?"), a_session("b"), a_session("c"))
    put_trace(
        engine,
        [a_span("a" * 32, "1" * 16, input='[{"role":"user","content":"m\\u00fcde, \\"gut\\""}]')],
        ["a"],
    )
    put_trace(engine, [a_span("b" * 32, "2" * 16, output="Your REFUND is on its way")], ["b"])
    put_turns(engine, a_turn("c", 1, input="a refund, please"))
    given = source(engine)
    for text, expected in {
        '"refund" in title': {"a"},
        '"refund" in any_output': {"b"},
        '"refund" in any_input': {"c"},
        '"refund" in any_text': {"b", "c"},
        '"müde" in any_input': {"a"},
        '"MÜDE" in any_input': {"a"},
        '"\\"gut\\"" in any_text': {"a"},
        '"nowhere" in any_text': set[str](),
        'not "refund" in any_text': {"a"},
    }.items():
        assert selected(given, text) == expected, text
    later_us = START_US + 4 * 3_600_000_000
    assert selected(given, '"refund" in any_output', START_US, NOW_US) == {"b"}
    assert selected(given, '"refund" in any_output', later_us, later_us + 1) == set()


def _examples(field: Field, prefix: str) -> list[str]:
    key = "" if not field.keyed else f'("{(*field.words, "helpful")[0]}")'
    name = f"{prefix}{field.name}{key}"
    values = {"number": "1", "money": "0.5", "duration": "1s", "time": "now-1h", "boolean": "true"}
    value = values.get(field.kind, field.words[0] if field.words else '"a\'b"')
    found = [f"{name} = {value}", f"{name} != {value}", f"{name} in ({value})", f"{name} not in ({value})"]
    found += [f"{name} is missing", f"{name} is not missing"]
    if field.sortable:
        found += [f"{name} {operator} {value}" for operator in ("<", "<=", ">", ">=")]
    if field.kind in {"string", "set", "enum"}:
        found += [f'{name} like "a*"', f'{name} like "*a?"']
    return found


def test_every_field_can_be_asked_for_in_every_way(engine: Engine) -> None:
    """The engine takes each expression, and a condition and its negation select everything once."""
    put_sessions(engine, *(a_session(f"s{number}", turns_count=number) for number in range(3)))
    given = source(engine)
    texts = [text for field in SESSION_FIELDS.values() for text in _examples(field, "")]
    texts += [f"any({text})" for field in TURN_FIELDS.values() for text in _examples(field, "turn.")]
    for start in range(0, len(texts), 50):
        both = " or ".join(texts[start : start + 50])
        if len(both) <= 2_000:
            assert len(selected(given, both)) + len(selected(given, f"not ({both})")) == 3
        else:
            for text in texts[start : start + 50]:
                selected(given, text)


def test_a_filter_sees_the_last_version_only(engine: Engine) -> None:
    """Nothing is filtered by before the best version of a row is known."""
    put_sessions(engine, a_session("s", turns_count=1, tags=("old",)), version=1)
    put_sessions(engine, a_session("s", turns_count=9, tags=("new",)), version=2)
    put_turns(engine, a_turn("s", 1, status="error"), version=1)
    put_turns(engine, a_turn("s", 1, status="ok"), version=2)
    given = source(engine)
    assert selected(given, "turns = 1") == set()
    assert selected(given, "tag = old") == set()
    assert selected(given, "tag = new") == {"s"}
    assert selected(given, "any(turn.status = error)") == set()


def test_a_filter_that_does_not_compile_is_told(engine: Engine) -> None:
    """Also when it parses."""
    with pytest.raises(FilterError, match="did you mean `turns`"):
        selected(source(engine), "turn > 1")


def test_records_do_not_disturb_the_search(engine: Engine) -> None:
    """A score about a trace that is not here selects nothing."""
    put_record(engine, Record("r1", "score", START_US, trace_id="f" * 32, name="helpful"), "t:" + "f" * 32)
    assert selected(source(engine), '"helpful" in any_text') == set()
