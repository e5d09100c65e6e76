"""The list of sessions: sorted, paged and selected by time."""

from decimal import Decimal

import pytest

from turnloom.server.analytics.filter import SESSION_FIELDS, parse
from turnloom.server.analytics.order import Order, Position
from turnloom.server.analytics.session_list import Page, Params, list_sessions
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.sql import load
from turnloom.server.store.engine import Engine

from .stored import MINUTE_US, START_US, a_session, put_sessions, source

COSTS = [None, Decimal(0), Decimal("0.1"), Decimal("0.1"), Decimal("0.100000000000001"), Decimal(7), None]


def order(name: str, direction: str = "desc") -> Order:
    """Sorted by a field."""
    return Order(SESSION_FIELDS[name], direction, "session_id")  # type: ignore[arg-type]


def ids(page: Page) -> list[str]:
    """Ids of a page in order."""
    return [session.session_id for session in page.sessions]


def all_pages(given: Source, by: Order, limit: int) -> list[str]:
    """Ids of all pages, in order; the total is the same on each."""
    found: list[str] = []
    after: Position | None = None
    while True:
        page = list_sessions(given, Params(by, limit, after=after))
        assert len(page.sessions) <= limit
        found += ids(page)
        if page.end is None:
            assert page.total == len(found)
            return found
        after = page.end


def test_missing_values_come_last_and_equal_ones_by_id(engine: Engine) -> None:
    """In either direction, whatever the page size; costs are exact."""
    put_sessions(engine, *(a_session(f"s{number}", cost_usd=cost) for number, cost in enumerate(COSTS)))
    given = source(engine)
    for limit in (1, 2, 3, 100):
        assert all_pages(given, order("cost_usd"), limit) == ["s5", "s4", "s2", "s3", "s1", "s0", "s6"]
        assert all_pages(given, order("cost_usd", "asc"), limit) == ["s1", "s2", "s3", "s4", "s5", "s0", "s6"]


def test_every_sortable_field_pages_through_everything_once(engine: Engine) -> None:
    """Numbers, times, durations and costs."""
    put_sessions(
        engine,
        *(
            a_session(
                f"s{number}", START_US + number % 3, turns_count=number % 2, cost_usd=COSTS[number],
                input_tokens=None if number % 2 else number,
                peak_context_ratio=number / 7 if number % 3 else None,
            )
            for number in range(7)
        ),
    )  # fmt: skip
    given = source(engine)
    fields = {field.sql: field for field in SESSION_FIELDS.values() if field.sortable}
    for field in fields.values():
        for direction in ("asc", "desc"):
            found = all_pages(given, Order(field, direction, "session_id"), 3)  # type: ignore[arg-type]
            assert sorted(found) == [f"s{number}" for number in range(7)], field.name


def test_a_page_is_stable_while_data_arrives(engine: Engine) -> None:
    """What arrives before the cursor neither repeats nor hides what comes after it."""
    put_sessions(engine, *(a_session(f"s{number}", START_US + number * MINUTE_US) for number in range(6)))
    given = source(engine)
    first = list_sessions(given, Params(order("started_at"), 3))
    assert ids(first) == ["s5", "s4", "s3"]
    put_sessions(
        engine,
        a_session("new", START_US + 60 * MINUTE_US),
        a_session("s4", START_US, turns_count=2),
        version=2,
    )
    second = list_sessions(given, Params(order("started_at"), 3, after=first.end))
    assert ids(second) == ["s2", "s1", "s0"]
    assert list_sessions(given, Params(order("started_at"), 3, after=Position(0, "z"))).total == 7


def test_a_time_range_selects_by_visits_that_overlap(engine: Engine) -> None:
    """A session that was idle during the range is not in it."""
    hour_us = 60 * MINUTE_US
    put_sessions(
        engine,
        a_session(
            "twice", visit_starts_us=(START_US, START_US + 5 * hour_us),
            visit_ends_us=(START_US + MINUTE_US, START_US + 5 * hour_us + MINUTE_US),
        ),
        a_session("activity", START_US + 2 * hour_us, visit_starts_us=(), visit_ends_us=()),
    )  # fmt: skip
    given = source(engine)

    def selected(from_us: int | None, to_us: int | None) -> set[str]:
        return set(ids(list_sessions(given, Params(order("started_at"), 9, from_us=from_us, to_us=to_us))))

    assert selected(None, None) == {"twice", "activity"}
    assert selected(START_US, START_US + 1) == {"twice"}
    assert selected(START_US - 9, START_US) == set()
    assert selected(START_US + MINUTE_US, START_US + MINUTE_US + 1) == {"twice"}
    assert selected(START_US + hour_us, START_US + 2 * hour_us) == set()
    assert selected(START_US + hour_us, START_US + 3 * hour_us) == {"activity"}
    assert selected(START_US + 3 * hour_us, None) == {"twice"}
    assert selected(None, START_US + 1) == {"twice"}


def test_another_project_is_never_seen(engine: Engine) -> None:
    """With equal ids in both."""
    put_sessions(engine, a_session("s", turns_count=1))
    put_sessions(engine, a_session("s", turns_count=2), a_session("other"), project="other")
    page = list_sessions(source(engine), Params(order("started_at"), 9))
    assert [(session.session_id, session.turns_count) for session in page.sessions] == [("s", 1)]


@pytest.mark.parametrize("name", ["session_page", "session_rows", "near_ids"])
def test_every_read_is_final_and_scoped(name: str) -> None:
    """Versions are deduplicated before anything is selected."""
    assert "FROM sessions FINAL WHERE $where" in load(name).template


def test_the_sql_of_a_page(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pinned: the filter inside, the cursor outside, sorting with the id."""
    asked: list[str] = []
    query = Engine.query
    monkeypatch.setattr(
        Engine, "query", lambda self, sql, *rest: asked.append(sql) or query(self, sql, *rest)
    )
    params = Params(order("cost_usd"), 2, parse("turns > 1"), START_US, None, Position("0.5", "s1"))
    list_sessions(source(engine), params)
    assert asked[0] == (
        "SELECT session_id, sort_value, total FROM (\n"
        "    SELECT session_id, cost_usd AS sort_value, count() OVER () AS total FROM sessions FINAL"
        " WHERE project = {project:String} AND (turns_count > {p1:Int64})"
        " AND if(empty(visit_starts_us), ended_us >= {p3:Int64},"
        " arrayExists((s, e) -> e >= {p2:Int64}, visit_starts_us, visit_ends_us))\n"
        ")\n"
        "WHERE (sort_value < {p6:Decimal(38, 15)} OR (sort_value = {p6:Decimal(38, 15)}"
        " AND session_id > {p5:String}) OR sort_value IS NULL)\n"
        "ORDER BY sort_value DESC NULLS LAST, session_id\n"
        "LIMIT {limit:UInt32}\n"
        "SETTINGS max_execution_time = 20, max_memory_usage = 2000000000"
    )
