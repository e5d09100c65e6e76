"""Definitions, *Satisfaction and scores*."""

import pytest

from domain.build import activity, llm, read, record, score, session, span, stored, turn
from turnloom.server.domain.ratings import rating


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("thumbs", 1, 1.0),
        ("thumbs", 0, 0.0),
        ("thumbs", -1, 0.0),
        ("user_feedback", "thumbs up", 1.0),
        ("user_feedback", "👎", 0.0),
        ("user_feedback", "so so", None),
        ("stars", 1, 0.0),
        ("stars", 4, 0.75),
        ("stars", 5, 1.0),
        ("rating", 3, 0.5),
        ("rating", 0.8, 0.8),
        ("rating", 8, 0.8),
        ("nps", 9, 0.9),
        ("nps", 1, 0.1),
        ("csat", 2, 0.25),
        ("helpful", True, 1.0),
        ("helpful", False, 0.0),
        ("feedback", 10, 1.0),
        ("feedback", 85, 0.85),
    ],
)
def test_ratings_are_normalised(name, value, expected):
    """Ratings are normalised."""
    assert rating(score(name, value)) == expected


def test_a_scale_of_its_own_is_used():
    """A scale of its own is used."""
    assert rating(score("stars", 4, body={"value": 4, "source": "user", "min": 1, "max": 7})) == 0.5


def test_a_boolean_that_came_as_a_number_is_one():
    """A boolean that came as a number is one."""
    assert rating(score("solved", 1, body={"value": 1.0, "source": "user", "data_type": "BOOLEAN"})) == 1.0


@pytest.mark.parametrize(
    ("name", "source", "is_feedback"),
    [
        ("correctness", "user", True),
        ("user-feedback", "api", True),
        ("correctness", "api", False),
        ("helpfulness", "eval", False),
        ("rating", "ANNOTATION", False),
    ],
)
def test_predictions_and_reviews_are_no_feedback(name, source, is_feedback):
    """Predictions and reviews are no feedback."""
    assert (rating(score(name, 1, source=source)) is not None) is is_feedback


def scored(*items):
    """Names of the scores of each turn."""
    return {turn.span_id: [each[0] for each in turn.scores] for turn in read(*items).turns}


def test_scores_belong_to_the_turn_of_their_span_or_trace():
    """Scores belong to the turn of their span or trace."""
    spans = [
        span("t", is_turn=True),
        llm("c", "t"),
        span("u", None, "turn", 20, 30, is_turn=True, turn_id="x"),
    ]

    assert scored(
        *spans,
        score("on call", 1, span_id="c"),
        score("on turn id", 1, 1, turn_id="x"),
        score("on trace", 1, 15),
        score("later", 1, 40),
    ) == {"t": ["on call", "on trace"], "u": ["on turn id", "later"]}


def test_a_score_waits_for_its_target():
    """A score waits for its target."""
    assert read(score("early", 1)).turns == []
    assert scored(llm("c"), score("early", 1)) == {"c": ["early"]}


def test_of_ratings_the_latest_per_target_user_and_name_wins():
    """Of ratings the latest per target user and name wins."""
    reading = read(
        llm("c"),
        score("stars", 1, 1, user="u"),
        score("stars", 5, 2, user="u"),
        score("stars", 3, 3, user="v"),
        score("stars", 4, 1, user="u", span_id="c"),
    )

    assert [(each[1], each[2]) for each in reading.turns[0].scores] == [("u", 4.0), ("u", 5.0), ("v", 3.0)]


def on_session(name, value, time=0.0, **fields):
    """A score on the session itself."""
    return score(name, value, time, trace_id=None, session_id="s", **fields)


def rated(start, value, **fields):
    """A turn that a user has rated."""
    said = tuple(("thumbs", "", float(v), None, int(start * 1e6), "user", float(v)) for v in value)
    return turn(start, scores=said, **fields)


@pytest.mark.parametrize(
    ("items", "satisfaction", "count"),
    [
        ([turn(0)], None, 0),
        ([rated(0, [1]), rated(5, [0]), turn(9)], 0.5, 2),
        ([rated(0, [0]), on_session("stars", 5, 9)], 1.0, 1),
        ([turn(0), on_session("stars", 1, 5), on_session("stars", 4, 9)], 0.75, 1),
        ([turn(0), on_session("quality", 0.9, source="eval")], None, 0),
    ],
    ids=["none", "mean of turns", "the session's own", "latest", "a prediction"],
)
def test_satisfaction_is_the_sessions_rating_else_the_mean_of_its_turns(items, satisfaction, count):
    """Satisfaction is the sessions rating else the mean of its turns."""
    found = stored(*items)

    assert (found.satisfaction, found.satisfaction_count) == (satisfaction, count)


def test_all_scores_have_their_mean_by_name():
    """All scores have their mean by name."""
    found = stored(rated(0, [1]), rated(5, [0]), on_session("quality", 0.25, source="eval"))

    assert found.scores == {"quality": 0.25, "thumbs": 0.5}


def test_a_users_score_extends_activity_and_an_evaluators_does_not():
    """A users score extends activity and an evaluators does not."""
    plain = stored(turn(0))
    by_user = stored(turn(0), on_session("thumbs", 1, 600))
    by_judge = stored(turn(0), on_session("quality", 1, 600, source="eval"))

    assert by_user.last_activity_us == 600_000_000
    assert by_judge.last_activity_us == plain.last_activity_us == 1_000_000
    assert by_user.closes_us == (600 + 1800) * 1_000_000


def test_a_users_score_bridges_a_gap():
    """A users score bridges a gap."""
    reading = session(
        rated(0, [1]), turn(3000), record("score", 1500, name="thumbs", body={"value": 1, "source": "user"})
    )

    assert reading.session.visit_turns == (2,)


def test_scores_on_activity_are_kept():
    """Scores on activity are kept."""
    assert stored(turn(0), activity(5, 6, scores=(("q", "", 1.0, None, 0, "eval", None),))).scores == {
        "q": 1.0
    }
