"""The parser against the grammar of the filter language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnloom.server.analytics.filter import FilterError, parse
from turnloom.server.analytics.filter.parser import PLACES
from turnloom.server.analytics.filter.syntax import (
    And,
    Bare,
    Compare,
    EndedBy,
    Like,
    Literal,
    Membership,
    Missing,
    Name,
    Not,
    Or,
    Quantified,
    Term,
    Text,
)

LIVE, IDLE, ENDED = (Bare(Name(word)) for word in ("live", "idle", "ended"))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", None),
        ("  \n ", None),
        ("live", LIVE),
        ("LIVE", LIVE),
        ("turns >= 5", Compare(Name("turns"), ">=", Literal("5", quoted=False))),
        ('turns>="5"', Compare(Name("turns"), ">=", Literal("5", quoted=True))),
        ("model = gpt-4o-mini", Compare(Name("model"), "=", Literal("gpt-4o-mini", quoted=False))),
        ("started > now-2h", Compare(Name("started"), ">", Literal("now-2h", quoted=False))),
        ("live or idle and ended", Or((LIVE, And((IDLE, ENDED))))),
        ("(live or idle) and ended", And((Or((LIVE, IDLE)), ENDED))),
        ("not live and idle", And((Not(LIVE), IDLE))),
        ("not not live", Not(Not(LIVE))),
        ("Live OR Idle", Or((LIVE, IDLE))),
        ("cost is missing", Missing(Name("cost"), negated=False)),
        ("cost is not missing", Missing(Name("cost"), negated=True)),
        ('id like "a*"', Like(Name("id"), "a*")),
        (
            'channel in (web, "a b")',
            Membership(Name("channel"), (Literal("web", False), Literal("a b", True)), False),
        ),
        ("channel not in (web)", Membership(Name("channel"), (Literal("web", False),), True)),
        ("ended by timeout", EndedBy(Literal("timeout", quoted=False))),
        ("ended > now-1d", Compare(Name("ended"), ">", Literal("now-1d", quoted=False))),
        ("idle > 5m", Compare(Name("idle"), ">", Literal("5m", quoted=False))),
        ('"a \\"b\\" \\\\" in any_input', Text('a "b" \\', "any_input")),
        ('score("helpful") < 0.5', Compare(Name("score", "helpful"), "<", Literal("0.5", quoted=False))),
        ("metadata(plan) = pro", Compare(Name("metadata", "plan"), "=", Literal("pro", quoted=False))),
        (
            'any(turn.latency > 10s and turn.tool = "search")',
            Quantified(
                "any",
                (
                    Compare(Name("latency", of_turn=True), ">", Literal("10s", quoted=False)),
                    Compare(Name("tool", of_turn=True), "=", Literal("search", quoted=True)),
                ),
            ),
        ),
        ("no(turn.error)", Quantified("no", (Bare(Name("error", of_turn=True)),))),
    ],
)
def test_a_filter_is_read_as_the_grammar_says(text: str, term: Term | None) -> None:
    """Precedence is not, and, or; keywords are in any case."""
    assert parse(text) == term


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("turns >", "column 8: expected a value, found the end of the filter"),
        ("turns >= 5 errors", "column 12: expected `and`, `or` or the end, found `errors`"),
        ("(live", "column 6: expected `)` to close `(`, found the end of the filter"),
        ("live)", "column 5: expected `and`, `or` or the end, found `)`"),
        ("not", "column 4: expected a field, found the end of the filter"),
        ("and live", "column 5: expected `and`, `or` or the end, found `live`"),
        ('"refund', 'column 1: the text `"refund` cannot be read: a closing `"` is missing'),
        ('"refund" in any_inptu', "column 13: `any_inptu` holds no text"),
        ('"" in title', "column 1: the text to look for is empty"),
        ("channel in web", "column 12: expected `(` and a list of values, found `web`"),
        ("cost is mising", "column 9: expected `missing` after `is`, found `mising`"),
        ("id like abc", "column 9: expected a text in quotes after `like`, found `abc`"),
        ("any(latency > 1s)", "column 5: `latency` is not about turns"),
        ('journey("refund").stage < 3', "column 1: journey(…) cannot be filtered by yet"),
        ("live\x00", "column 5: found a NUL character"),
        ("x" * 2_001, "column 2001: the filter has 2001 characters; at most 2000 are read"),
        ("(" * 21 + "live" + ")" * 21, "column 21: parentheses and `not` are more than 20 deep"),
        ("not " * 21 + "live", "column 81: parentheses and `not` are more than 20 deep"),
        (" or ".join(["live"] * 101), "more than 100 terms"),
    ],
)
def test_an_error_says_where_and_what_would_fit(text: str, message: str) -> None:
    """Column, what was found, what would fit."""
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert message in str(caught.value)


def test_the_limits_themselves_are_allowed() -> None:
    """Twenty deep and a hundred terms are read."""
    assert parse("(" * 20 + "live" + ")" * 20) == LIVE
    assert parse(" or ".join(["live"] * 100)) == Or((LIVE,) * 100)


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                '"',
                "\\",
                "(",
                ")",
                "and",
                "or",
                "not",
                "turns",
                ">",
                "5",
                "in",
                "is",
                "missing",
                "any(",
                "turn.",
                " ",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_no_text_crashes_the_parser(text: str) -> None:
    """Anything is a filter or a FilterError."""
    try:
        parse(text)
    except FilterError as error:
        assert 1 <= error.column <= len(text) + 1


_names = st.builds(Name, st.sampled_from(["turns", "cost", "channel", "ended", "idle"])) | st.builds(
    Name, st.just("score"), st.text(max_size=8).filter(lambda text: "\x00" not in text)
)
_texts = st.text(max_size=12).filter(lambda text: "\x00" not in text)
_literals = st.builds(Literal, _texts, st.just(True)) | st.builds(
    Literal, st.from_regex(r"[a-z0-9.:+-]{1,8}", fullmatch=True), st.just(False)
)
_conditions = (
    st.builds(Compare, _names, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _literals)
    | st.builds(Membership, _names, st.lists(_literals, min_size=1, max_size=3).map(tuple), st.booleans())
    | st.builds(Missing, _names, st.booleans())
    | st.builds(Like, _names, _texts)
)
_atoms = (
    _conditions
    | st.sampled_from([LIVE, IDLE, ENDED])
    | st.builds(EndedBy, _literals)
    | st.builds(Text, _texts.filter(lambda text: bool(text.strip())), st.sampled_from(PLACES))
    | st.builds(
        Quantified, st.sampled_from(["any", "all", "no"]), st.just((Bare(Name("error", of_turn=True)),))
    )
)
_terms: st.SearchStrategy[Term] = st.recursive(
    _atoms,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=12,
)


@given(_terms)
def test_a_tree_written_as_a_filter_is_read_as_itself(term: Term) -> None:
    """`str` and `parse` are inverse."""
    assert parse(str(term)) == term
