"""Who took part in a turn, and turns that were announced."""

import json

from domain.build import llm, one, read, record, span


def test_names_are_collected_once_and_sorted():
    """Names are collected once and sorted."""
    turn = one(
        span("r", tags=("b", "a"), service="web", environment="prod", release="1"),
        span("x", "r", "agent", agent_name="support"),
        llm("c", "x", model="m2", tags=("a",), service="bot"),
        llm("d", "x", 1, model="m1"),
        span("t", "x", "tool", tool_name="search"),
        span("u", "x", "tool", tool_name="search"),
    )

    assert (turn.models, turn.tools, turn.agents) == (("m1", "m2"), ("search",), ("support",))
    assert (turn.tags, turn.services, turn.service) == (("a", "b"), ("bot", "web"), "web")
    assert (turn.environment, turn.release, turn.tool_calls, turn.llm_calls) == ("prod", "1", 2, 2)


def test_what_the_root_does_not_say_its_spans_say():
    """What the root does not say its spans say."""
    turn = one(span("r"), llm("c", "r", environment="prod", release="1", service="bot", intent="refund"))

    assert (turn.environment, turn.release, turn.service, turn.intent) == ("prod", "1", "bot", "refund")


def test_of_session_attributes_the_latest_per_key_wins():
    """Of session attributes the latest per key wins."""
    turn = one(
        span("r", start=0, session_attributes={"channel": "web", "locale": "de"}),
        llm("c", "r", 2, session_attributes={"channel": "slack"}),
    )

    assert turn.session_attributes == {"channel": "slack", "locale": "de"}
    assert turn.session_attribute_times_us == {"channel": 2_000_000, "locale": 0}


def test_journeys_are_kept_with_their_time():
    """Journeys are kept with their time."""
    turn = one(
        span("t", is_turn=True), span("j", "t", "event", 2, journey={"name": "refund", "stage": "found"})
    )

    assert turn.journeys == ("refund",)
    assert [json.loads(step) for step in turn.journey_steps] == [
        {"name": "refund", "stage": "found", "time_us": 2_000_000}
    ]


def announce(time=0.0, **body):
    """A `turn.start`."""
    return record(
        "turn.start",
        time,
        span_id="t",
        session_id="A",
        conversation_id="C",
        user_id="U",
        turn_id="x",
        body=body,
    )


def test_an_announced_turn_without_its_span_runs():
    """An announced turn without its span runs."""
    turn = one(
        announce(5, **{"turn.number": 3, "turn.input_length": 7, "session.channel": "web", "session.id": "A"})
    )

    assert (turn.source, turn.status, turn.span_id, turn.turn_id, turn.end_us) == (
        "event",
        "running",
        "t",
        "x",
        None,
    )
    assert (turn.session_id, turn.conversation_id, turn.user_id) == ("A", "C", "U")
    assert (turn.reported_number, turn.input_length, turn.start_us) == (3, 7, 5_000_000)
    assert turn.session_attributes == {"channel": "web"}


def test_spans_that_came_before_their_turn_belong_to_it():
    """Spans that came before their turn belong to it."""
    turn = one(announce(), llm("c", "agent not here yet", 1, session_id="A", input_text="q", input_tokens=5))

    assert (turn.source, turn.spans_count, turn.input, turn.input_tokens) == ("event", 1, "q", 5)


def test_the_span_replaces_its_announcement():
    """The span replaces its announcement."""
    assert one(announce(), span("t", is_turn=True, session_id="A")).source == "client"
    assert one(announce(), span("other", is_turn=True, turn_id="x", session_id="A")).source == "client"


def test_of_several_announced_turns_the_one_that_runs_gets_the_orphan():
    """Of several announced turns the one that runs gets the orphan."""
    other = record("turn.start", 10, record_id="r2", span_id="u", session_id="A")
    first = record("turn.start", 0, record_id="r1", span_id="t", session_id="A")

    turns = read(
        first, other, llm("c", "x", 12, 13, session_id="A"), llm("d", "y", 2, 3, session_id="A")
    ).turns

    assert [(turn.span_id, turn.spans_count) for turn in turns] == [("t", 1), ("u", 1)]


def test_flags_of_spans_become_the_turns():
    """Flags of spans become the turns."""
    assert one(span("r"), llm("c", "r", flags=("id_shortened",))).flags == ("id_shortened",)
