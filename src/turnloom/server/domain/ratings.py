"""What a user's feedback is worth, 0 to 1 (definitions, *Satisfaction and scores*)."""

import re
from typing import Any

from turnloom.model.record import Record

FEEDBACK_SOURCES = frozenset({"user", "end_user", "enduser", "customer", "human", "feedback"})
"""Sources that say a score is a user's."""

OTHER_SOURCES = frozenset(
    {"annotation", "code", "eval", "evaluator", "heuristic", "judge", "llm", "llm_judge", "model"}
)
"""Sources that say it is not: predictions and reviewers are kept apart."""

FEEDBACK_WORDS = frozenset(
    {
        "csat", "feedback", "helpful", "helpfulness", "like", "liked", "nps", "rating", "ratings",
        "satisfaction", "satisfied", "star", "stars", "thumb", "thumbs", "thumbsup", "vote",
    }
)  # fmt: skip
"""Words of a score's name that say the same when its source says neither."""

STAR_WORDS = frozenset({"csat", "rating", "ratings", "star", "stars"})
"""Whole numbers from 1 to 5 under these names are stars."""

POSITIVE = frozenset(
    {"up", "thumbs_up", "thumbsup", "positive", "good", "yes", "like", "liked", "true", "helpful", "👍", "+1"}
)
NEGATIVE = frozenset(
    {
        "down",
        "thumbs_down",
        "thumbsdown",
        "negative",
        "bad",
        "no",
        "dislike",
        "disliked",
        "false",
        "unhelpful",
        "👎",
        "-1",
    }
)
"""What a rating in words says."""

STARS_MAX = 5

SCALES = (1, 10, 100)
"""Upper ends of what other numbers may be on."""

_WORD = re.compile(r"[a-z]+")


def rating(record: Record) -> float | None:
    """A user's feedback as 0..1.

    Args:
        record: A score.

    Returns:
        Thumbs 0 or 1, stars (s - 1) / (n - 1), NPS and 0..10 s / 10; a scale of its own if the body
        has `max`. None when it is no feedback of a user, or its value says nothing.
    """
    words = frozenset(_WORD.findall((record.name or "").lower()))
    source = str(record.body.get("source") or "").lower()
    if source in OTHER_SOURCES or (source not in FEEDBACK_SOURCES and not words & FEEDBACK_WORDS):
        return None
    value = record.body.get("value")
    if isinstance(value, str):
        word = value.strip().casefold().replace(" ", "_")
        return 1.0 if word in POSITIVE else 0.0 if word in NEGATIVE else None
    if not isinstance(value, int | float):
        return None
    if isinstance(value, bool) or str(record.body.get("data_type") or "").upper() == "BOOLEAN":
        return 1.0 if value > 0 else 0.0
    return _normalised(float(value), words, record.body)


def _normalised(value: float, words: frozenset[str], body: dict[str, Any]) -> float | None:
    most, least = _number(body.get("max")), _number(body.get("min"))
    if most is not None and most > (least or 0.0):
        return _clipped((value - (least or 0.0)) / (most - (least or 0.0)))
    if "nps" in words:
        return _clipped(value / 10)
    starred = bool(words & STAR_WORDS)
    whole = value.is_integer() and 1 <= value <= STARS_MAX
    if (whole and (starred or value > 1)) or (starred and 1 < value <= STARS_MAX):
        return (value - 1) / (STARS_MAX - 1)
    scale = next((most for most in SCALES if value <= most), None)
    return None if scale is None else _clipped(value / scale)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
