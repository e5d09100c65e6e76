"""What a session is called, says about itself, and adds up to."""

from decimal import Decimal

import pytest

from domain.build import activity, record, session, stored, turn, us
from turnloom.server.domain.totals import percentile


@pytest.mark.parametrize(
    ("inputs", "title"),
    [
        (["Hello there\nmore", "x"], "Hello there"),
        ([None, "Second"], "Second"),
        (["\n  First line  \nx"], "First line"),
        (["y" * 500], "y" * 120),
        ([None], None),
    ],
)
def test_title_is_the_first_line_of_the_user(inputs, title):
    """Title is the first line of the user."""
    assert stored(*(turn(start * 10, input=text) for start, text in enumerate(inputs))).title == title


def test_of_attributes_and_metadata_the_latest_per_key_wins():
    """Of attributes and metadata the latest per key wins."""

    def told(start, time=None, **attributes):
        times = {key: us(start if time is None else time) for key in attributes}
        return turn(start, session_attributes=attributes, session_attribute_times_us=times)

    start = record(
        "session.start", 5, session_id="s", body={"session.channel": "mobile", "session.metadata.plan": "pro"}
    )
    found = stored(
        told(0, type="voice", channel="web", locale="de", country="AT"),
        told(9, 2, channel="slack", **{"metadata.plan": "free", "metadata.team": "x"}),
        start,
    )

    assert (found.type, found.channel, found.locale, found.country) == ("voice", "mobile", "de", "AT")
    assert found.metadata == {"plan": "pro", "team": "x"}


def test_aggregates_of_a_client_are_kept_beside_ours():
    """Aggregates of a client are kept beside ours."""
    found = stored(turn(0, session_attributes={"reported_total_tokens": "99"}, input_tokens=5))

    assert (found.reported, found.input_tokens) == ({"total_tokens": "99"}, 5)


def test_ids_are_in_order_of_appearance_and_several_users_are_flagged():
    """Ids are in order of appearance and several users are flagged."""
    found = stored(
        turn(0, user_id="u2", users=("u2",), conversation_id="B"), turn(5, user_id="u1", conversation_id="A")
    )

    assert (found.user_ids, found.conversation_ids, found.flags) == (
        ("u2", "u1"),
        ("B", "A"),
        ("several_users",),
    )


def test_names_are_sorted_and_once():
    """Names are sorted and once."""
    found = stored(turn(0, models=("b",), tags=("x",)), turn(5, models=("a", "b"), journeys=("j",)))

    assert (found.models, found.tags, found.journeys) == (("a", "b"), ("x",), ("j",))


def test_activity_counts_in_cost_and_not_in_turns():
    """Activity counts in cost and not in turns."""
    found = stored(
        turn(0, cost_usd=Decimal("0.1"), priced_calls=1, llm_calls=1, errors=1),
        activity(5, 6, cost_usd=Decimal("0.2"), unpriced_calls=1, spans_count=3),
    )

    assert (found.cost_usd, found.priced_calls, found.unpriced_calls) == (Decimal("0.3"), 1, 1)
    assert (found.turns_count, found.spans_count, found.traces_count, found.errors) == (1, 4, 2, 1)


def test_missing_is_missing_and_zero_is_a_value():
    """Missing is missing and zero is a value."""
    assert stored(turn(0)).cached_input_tokens is None
    assert stored(turn(0, cached_input_tokens=0)).cached_input_tokens == 0
    assert (stored(turn(0)).turn_latency_p50_us, stored(turn(0)).cost_usd) == (None, None)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, None),
        ([7], 95, 7),
        ([1, 3], 50, 2),
        ([1, 2, 9], 50, 2),
        (list(range(101)), 95, 95),
        ([0, 10], 95, 9),
    ],
)
def test_percentiles(values, percent, expected):
    """Percentiles."""
    assert percentile(values, percent) == expected


def test_the_strip_has_a_cell_per_turn():
    """The strip has a cell per turn."""
    found = stored(turn(0, latency_us=5), activity(2, 3), turn(9, status="error"))

    assert (found.strip_outcomes, found.strip_latencies_us) == (("ok", "error"), (5, -1))


def test_grouping_is_explained():
    """Grouping is explained."""
    grouped = stored(turn(0, session_key="session.id"))
    alone = stored(turn(0, grouped=False))

    assert (grouped.grouped, grouped.session_key, grouped.derived) == (True, "session.id", False)
    assert (alone.grouped, alone.session_key) == (False, None)


def test_a_session_is_derived_only_if_all_of_it_is():
    """A session is derived only if all of it is."""
    derived = turn(0, derived=True, flags=("derived",))

    assert (stored(derived).derived, stored(derived).flags) == (True, ("derived",))
    assert (stored(derived, turn(5)).derived, stored(derived, turn(5)).flags) == (False, ())


def test_a_session_that_has_only_begun():
    """A session that has only begun."""
    reading = session(record("session.start", 5, session_id="s", body={"session.channel": "web"}))

    assert (reading.session.started_us, reading.session.last_activity_us, reading.session.channel) == (
        us(5),
        us(5),
        "web",
    )
    assert reading.turns == []
