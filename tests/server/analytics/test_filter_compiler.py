"""Filters as SQL: pinned text, bound values, and errors that help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.filter import SESSION_FIELDS, TURN_FIELDS, Compiler, FilterError, parse
from turnloom.server.analytics.filter.literals import read_time

from .stored import NOW_US


def compiled(text: str) -> tuple[str, dict[str, object]]:
    """The condition of a filter, and its values but the project."""
    bindings = Bindings("p", NOW_US)
    term = parse(text)
    assert term is not None
    sql = Compiler(bindings).compile(term)
    return sql, {name: value for name, value in bindings.values.items() if name != "project"}


@pytest.mark.parametrize(
    ("text", "sql", "values"),
    [
        ("turns >= 5", "(turns_count >= {p1:Int64})", {"p1": 5}),
        ("tokens > 1.5k", None, {"p1": 1500}),
        ("context > 0.8", "ifNull(peak_context_ratio > {p1:Float64}, 0)", {"p1": 0.8}),
        ("cost > 0.50", "ifNull(cost_usd > {p1:Decimal(38, 15)}, 0)", {"p1": "0.50"}),
        ("latency <= 1.5s", "ifNull(turn_latency_p95_us <= {p1:Int64}, 0)", {"p1": 1_500_000}),
        ("turn_latency_p95_ms <= 1500", "ifNull(turn_latency_p95_us <= {p1:Int64}, 0)", {"p1": 1_500_000}),
        ("started > now-2h", "(started_us > {p1:Int64})", {"p1": NOW_US - 7_200_000_000}),
        ('id like "abc*"', "(startsWith(session_id, {p1:String}))", {"p1": "abc"}),
        ('title like "5%_*?"', "ifNull(title LIKE {p1:String}, 0)", {"p1": "5\\%\\_%_"}),
        ('user = "a\'b"', "has(user_ids, {p1:String})", {"p1": "a'b"}),
        ("tag != vip", "(notEmpty(tags) AND NOT has(tags, {p1:String}))", {"p1": "vip"}),
        ("tag in (a, b)", "hasAny(tags, [{p1:String}, {p2:String}])", {"p1": "a", "p2": "b"}),
        ("tag is missing", "empty(tags)", {}),
        ("channel not in (web)", "ifNull(channel NOT IN ({p1:String}), 0)", {"p1": "web"}),
        ("cost is not missing", "(cost_usd IS NOT NULL)", {}),
        ("turns is missing", "0", {}),
        ("grouped", "(grouped)", {}),
        ("not grouped and turns = 1", "(NOT ((grouped)) AND (turns_count = {p1:Int64}))", {"p1": 1}),
        (
            'metadata("plan") = pro',
            "ifNull(if(mapContains(metadata, {p1:String}), metadata[{p1:String}], NULL) = {p2:String}, 0)",
            {"p1": "plan", "p2": "pro"},
        ),
        (
            "any(turn.latency > 10s and turn.tool = search)",
            (
                "(session_id IN (SELECT session_id FROM turns FINAL WHERE project = {project:String}"
                " AND position IS NOT NULL AND ifNull(latency_us > {p1:Int64}, 0)"
                " AND has(tools, {p2:String})))"
            ),
            {"p1": 10_000_000, "p2": "search"},
        ),
        (
            '"Refund" in any_output',
            (
                "(session_id IN (SELECT arrayJoin(session_ids) FROM traces FINAL\n"
                "WHERE project = {project:String} AND trace_id IN (\n"
                "    SELECT trace_id FROM spans FINAL WHERE project = {project:String}"
                " AND (ifNull(multiSearchAnyCaseInsensitive(output, {p1:Array(String)}), 0)"
                " OR ifNull(multiSearchAnyCaseInsensitive(output_text, {p1:Array(String)}), 0))\n"
                ")\n"
                "UNION ALL\n"
                "SELECT session_id FROM turns FINAL WHERE project = {project:String}"
                " AND (ifNull(multiSearchAnyCaseInsensitive(output, {p1:Array(String)}), 0))))"
            ),
            {"p1": ["Refund"]},
        ),
    ],
)
def test_the_sql_of_a_filter(text: str, sql: str | None, values: dict[str, object]) -> None:
    """Values are bound; a missing value satisfies no comparison."""
    found, bound = compiled(text)
    assert sql is None or found == sql
    assert bound == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("turn > 5", "column 1: `turn` is no field \N{EN DASH} did you mean `turns`?"),
        ("turns > many", "column 9: `turns` is a number, such as 5, 0.8 or 2k; found `many`"),
        ('turns > "5"', 'column 9: `turns` is a number, such as 5, 0.8 or 2k; found `"5"`'),
        ("cost > 5k", "column 8: `cost` is an amount in USD, such as 0.50; found `5k`"),
        ("latency > 10", "column 11: `latency` is a duration and 10 has no unit; write 10s or 10ms"),
        (
            "latency > 10x",
            "column 11: `latency` is a duration, such as 250ms, 10s, 5m, 2h or 3d; found `10x`",
        ),
        ("started > yesterday", "column 11: `started` is a time"),
        ("grouped = maybe", "column 11: `grouped` is true or false; found `maybe`"),
        ("state = liv", "column 9: `state` is never `liv`"),
        ("ended by timout", "did you mean `timeout`?"),
        ("channel > web", "column 1: `channel` has no order: `>` does not fit, use `=`, `!=` or `in`"),
        ('cost like "0*"', "column 1: `cost` is no text"),
        ("channel", "column 1: `channel` needs a comparison, such as channel = web"),
        ("turn.latency > 1s", "column 1: `turn.latency` is about turns; write any(turn.latency …)"),
        ("any(turn.latncy > 1s)", "column 5: `turn.latncy` is no field \N{EN DASH} did you mean `latency`?"),
        ("score > 1", 'column 1: `score` needs a key, as in score("name")'),
        ('cost("x") > 1', "column 1: `cost` takes no key"),
        ("source(turn) = x", "`source` is known of `session`"),
        ("turns > 99999999999999999999", "`turns` is a number"),
        ("latency > 999999999999999d", "`latency` is a duration"),
        ("started > now-999999999d", "`started` is a time"),
    ],
)
def test_an_error_names_what_would_fit(text: str, message: str) -> None:
    """Types are not mixed, and names that are nearly right are told."""
    with pytest.raises(FilterError) as caught:
        compiled(text)
    assert message in str(caught.value)


@given(st.text(max_size=40), st.sampled_from(sorted(SESSION_FIELDS)), st.sampled_from(["=", "!=", "<", ">="]))
def test_no_value_crashes_the_compiler(value: str, name: str, operator: str) -> None:
    """Any value of any field compiles or is a FilterError, and never stands in the SQL."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    for written in (f'"{quoted}"', value):
        try:
            sql, _ = compiled(f"{name} {operator} {written}")
        except FilterError:
            continue
        assert "{p1:" in sql or "{p2:" in sql


@pytest.mark.parametrize(
    ("text", "time_us"),
    [
        ("now", NOW_US),
        ("now-90s", NOW_US - 90_000_000),
        ("now+1.5h", NOW_US + 5_400_000_000),
        ("2026-09-21", 1_789_948_800_000_000),
        ("2026-09-21T14:13:20Z", 1_790_000_000_000_000),
        ("2026-09-21T16:13:20+02:00", 1_790_000_000_000_000),
        ("2026-09-21T14:13:20.000001", 1_790_000_000_000_001),
        ("20260921T141320Z", 1_790_000_000_000_000),
        ("", None),
        ("today", None),
        ("2026-13-01", None),
    ],
)
def test_times(text: str, time_us: int | None) -> None:
    """ISO 8601 is UTC unless it says otherwise."""
    assert read_time(text, NOW_US) == time_us


def test_every_field_is_described() -> None:
    """Completion and docs come from the table."""
    for field in (*SESSION_FIELDS.values(), *TURN_FIELDS.values()):
        assert field.description.endswith(".")
        assert field.kind != "enum" or field.words
