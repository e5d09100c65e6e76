"""Definitions, *Visit* and *Time*."""

import pytest

from domain.build import activity, announced, record, session, stored, turn, us
from turnloom.server.domain.rules import SessionRules, inactivity_timeout_us

MINUTE = 60


def lengths(*items, **options):
    """Turns of each visit."""
    return session(*items, **options).session.visit_turns


@pytest.mark.parametrize(
    ("gap_s", "visits"), [(1799, (2,)), (1799.999999, (2,)), (1800, (1, 1)), (1801, (1, 1))]
)
def test_a_gap_equal_to_the_timeout_starts_a_new_visit(gap_s, visits):
    """A gap equal to the timeout starts a new visit."""
    assert lengths(turn(0, 10), turn(10 + gap_s)) == visits


def test_a_gap_is_from_the_latest_end_of_all_earlier_turns():
    """A gap is from the latest end of all earlier turns."""
    assert lengths(turn(0, 5000), turn(10, 20), turn(6000)) == (3,)


def test_overlapping_turns_have_no_gap():
    """Overlapping turns have no gap."""
    assert lengths(turn(0, 100), turn(50, 60)) == (2,)


@pytest.mark.parametrize(
    ("session_type", "own", "minutes"),
    [
        (None, None, 30),
        ("chat", None, 30),
        ("something", None, 30),
        ("voice", None, 2),
        ("api", None, 5),
        ("agent", None, 5),
        ("batch", None, None),
        ("voice", "600", 10),
        ("voice", "600000", 10),
        ("voice", "5", 1),
        ("voice", "9999999999", 24 * 60),
        ("voice", "soon", 2),
        ("batch", "600", 10),
    ],
)
def test_timeout_by_type_and_session(session_type, own, minutes):
    """Timeout by type and session."""
    expected = None if minutes is None else minutes * 60_000_000

    assert inactivity_timeout_us(SessionRules(), session_type, own) == expected


def test_timeout_of_a_project():
    """Timeout of a project."""
    rules = SessionRules(timeouts_us={"voice": us(300)}, timeout_unknown_us=us(60))

    assert lengths(turn(0), turn(100), rules=rules) == (1, 1)
    assert inactivity_timeout_us(rules, "voice", None) == us(300)


def test_a_sessions_own_timeout_comes_with_its_spans_or_its_start():
    """A sessions own timeout comes with its spans or its start."""
    by_span = turn(0, session_attributes={"inactive_timeout": "60"})
    by_event = record("session.start", session_id="s", body={"session.inactive_timeout": 60})

    assert lengths(by_span, turn(100)) == (1, 1)
    assert lengths(turn(0), turn(100), by_event) == (1, 1)


def test_batch_has_no_timeout():
    """Batch has no timeout."""
    found = stored(turn(0, session_attributes={"type": "batch"}), turn(10_000_000))

    assert (found.visit_turns, found.closes_us, found.inactivity_timeout_us) == ((2,), None, None)


def test_durations():
    """Durations."""
    found = stored(turn(0, 60), turn(100, 200), turn(10_000, 10_030), activity(20_000, 20_100))

    assert found.active_duration_us == us(200 + 30)
    assert found.span_duration_us == us(20_100)
    assert (found.visit_starts_us, found.visit_ends_us) == ((0, us(10_000)), (us(200), us(10_030)))


def test_evaluators_and_background_do_not_extend_activity():
    """Evaluators and background do not extend activity."""
    silent = activity(1000, 1100, extends_us=None, active_end_us=None)

    assert lengths(turn(0), silent, turn(1900)) == (1, 1)
    assert stored(turn(0), silent).last_activity_us == us(1)
    assert lengths(turn(0), activity(1000, 1100), turn(1900)) == (2,)


def test_the_timeout_stands_still_while_an_announced_turn_runs():
    """The timeout stands still while an announced turn runs."""
    assert lengths(announced(0), turn(900 + 1799)) == (2,)
    assert lengths(announced(0), turn(900 + 1800)) == (1, 1)


def test_the_timeout_stands_still_while_a_human_request_is_open():
    """The timeout stands still while a human request is open."""
    asking = turn(0, human_requests=("q",), human_open=True)

    assert lengths(asking, turn(9000, human_responses=("q",))) == (2,)
    assert stored(asking).closes_us is None
    assert stored(asking).human_open is True


def human(kind, time, request="q"):
    """A human event without a trace."""
    return record(f"human.{kind}", time, trace_id=None, session_id="s", body={"human.request_id": request})


def test_requests_and_responses_may_come_without_a_trace():
    """Requests and responses may come without a trace."""
    assert lengths(turn(0), human("request", 5), human("response", 9000), turn(9100)) == (1, 1), (
        "answered, then idle"
    )
    found = stored(turn(0), human("request", 5))
    assert (found.human_open, found.closes_us) == (True, None)
    found = stored(turn(0), human("request", 5), human("response", 9000))
    assert (found.human_open, found.closes_us) == (False, us(9000 + 1800))


def test_who_goes_on_with_the_conversation_leaves_the_request_behind():
    """Who goes on with the conversation leaves the request behind."""
    asking = turn(0, human_requests=("q",), conversation_id="A")

    assert stored(asking, turn(9000, conversation_id="A")).human_open is False
    assert stored(asking, turn(9000, conversation_id="B")).human_open is True


def test_a_response_closes_a_request_whichever_is_read_first():
    """A response closes a request whichever is read first."""
    assert stored(turn(0, human_requests=("q",)), human("response", 50)).human_open is False


def test_a_session_of_activity_only_is_one_visit_without_turns():
    """A session of activity only is one visit without turns."""
    found = stored(activity(5, 9))

    assert (found.visit_starts_us, found.visit_ends_us, found.visit_turns) == ((us(5),), (us(9),), (0,))
    assert found.visit_dropoffs == ("",)


def test_event_time_makes_visits_and_the_earlier_of_it_and_reception_makes_state():
    """Event time makes visits and the earlier of it and reception makes state."""
    ahead = turn(7200, received_us=us(10), active_end_us=us(10))

    found = stored(turn(0), ahead)

    assert found.visit_turns == (1, 1)
    assert found.last_activity_us == us(10)


def test_activity_may_ask_and_answer_too():
    """An approval that is asked outside of any turn keeps the session open as well."""
    asking, answering = activity(5, 6, human_requests=("q",)), activity(50, 51, human_responses=("q",))

    assert stored(turn(0), asking).human_open is True
    assert stored(turn(0), asking, answering).human_open is False
