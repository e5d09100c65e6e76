"""State, end reason, drop-off and outcome: the SQL says what the domain says."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnloom.model.session import Session
from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.clock import DROPOFF, END_REASON, OUTCOME, STATE
from turnloom.server.analytics.scope import PROJECT
from turnloom.server.domain.state import dropoff_at, end_reason_at, outcome_at, state_at
from turnloom.server.store.engine import Engine

from .stored import NOW_US, a_session, put_sessions

_times = st.sampled_from([None, NOW_US - 60_000_001, NOW_US - 60_000_000, NOW_US - 1, NOW_US, NOW_US + 1])
_sessions = st.builds(
    dict,
    last_activity_us=_times.filter(bool),
    running_until_us=_times,
    closes_us=_times,
    end_us=_times,
    end_reason=st.sampled_from(["completed", "logout"]),
    outcome=st.sampled_from([None, "resolved", "sold"]),
    visit_dropoffs=st.lists(st.sampled_from(["", "natural_end", "unanswered"]), max_size=2).map(tuple),
)


@given(st.lists(_sessions, min_size=40, max_size=80))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_sql_agrees_with_the_domain(engine: Engine, values: list[dict[str, object]]) -> None:
    """At every side of every limit."""
    engine.command("TRUNCATE TABLE sessions")
    sessions: list[Session] = []
    for number, each in enumerate(values):
        last_us = each.pop("last_activity_us")
        session = a_session(f"{number:03d}", **each)
        session.last_activity_us = last_us  # type: ignore[assignment]
        if session.end_us is None:
            session.end_reason = None
        sessions.append(session)
    put_sessions(engine, *sessions)
    bindings = Bindings("default", NOW_US)
    columns = ", ".join(bindings.fill(sql) for sql in (STATE, END_REASON, DROPOFF, OUTCOME))
    sql = f"SELECT {columns} FROM sessions FINAL WHERE {PROJECT} ORDER BY session_id"  # noqa: S608 (ours)
    rows = engine.query(sql, bindings.values)
    readers = (state_at, end_reason_at, dropoff_at, outcome_at)
    assert rows == [[reader(session, NOW_US) for reader in readers] for session in sessions]
