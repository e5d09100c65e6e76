"""Scores as Langfuse SDKs and our client send them: one object or a list."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from turnloom.model.ids import shorten_id
from turnloom.model.record import Record
from turnloom.server.ingest.errors import MalformedBodyError
from turnloom.vocabulary.values import identifier

TEXT_LENGTH_MAX = 10_000
"""Characters of a value or a comment."""

TARGETS = "traceId, sessionId or conversationId"


@dataclass(slots=True)
class DecodedScores:
    """Scores of one request."""

    records: list[Record] = field(default_factory=list[Record])
    errors: list[str] = field(default_factory=list[str])
    """One message for each score that was refused, naming its place in the list."""
    is_list: bool = False


def decode_scores(body: bytes, received_us: int) -> DecodedScores:
    """Read scores.

    Args:
        body: JSON, one score or a list of them, in Langfuse's shape.
        received_us: Reception, used when a score has no time; microseconds since 1970.

    Raises:
        MalformedBodyError: The body is no JSON, or neither an object nor a list.
    """
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBodyError(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict | list):
        raise MalformedBodyError(
            f"expected a score (an object) or a list of them, got {type(value).__name__}"
        )
    scores = cast("list[Any]", value if isinstance(value, list) else [value])
    decoded = DecodedScores(is_list=isinstance(value, list))
    for index, score in enumerate(scores):
        try:
            decoded.records.append(_score(score, received_us))
        except MalformedBodyError as error:
            decoded.errors.append(f"score {index}: {error}")
    return decoded


def _score(score: Any, received_us: int) -> Record:
    if not isinstance(score, dict):
        raise MalformedBodyError(f"expected an object, got {type(score).__name__}")
    fields = cast("dict[str, Any]", score)
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise MalformedBodyError(f"name is {_shown(name)}; expected a text that is not empty")
    value = _value(fields.get("value"), fields.get("dataType"))
    trace_id, session_id = _id(fields.get("traceId")), identifier(fields.get("sessionId"))[0]
    conversation_id = identifier(fields.get("conversationId"))[0]
    session_id = session_id or conversation_id  # a conversation without a session is the session
    if trace_id is None and session_id is None:
        raise MalformedBodyError(f"the score {_shown(name)} has no target; expected {TARGETS}")
    return Record(
        record_id=_id(fields.get("id")) or _content_id(fields),
        kind="score",
        time_us=_time_us(fields.get("timestamp"), received_us),
        trace_id=trace_id.replace("-", "").lower() if trace_id else None,
        span_id=_id(fields.get("observationId")),
        session_id=session_id,
        conversation_id=conversation_id,
        name=name.strip()[:200],
        body={
            "value": value,
            "data_type": _text(fields.get("dataType")),
            "comment": _text(fields.get("comment")),
            "source": _text(fields.get("source")) or _text(_metadata(fields).get("source")) or "api",
            "user_id": identifier(fields.get("userId"))[0],
            "environment": _text(fields.get("environment")),
        },
        received_us=received_us,
    )


def _metadata(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = fields.get("metadata")
    return cast("dict[str, Any]", metadata) if isinstance(metadata, dict) else {}


def _value(value: Any, data_type: Any) -> float | str:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise MalformedBodyError(f"value is {value!r}; expected a finite number")
        return float(value)
    if isinstance(value, str):
        return value[:TEXT_LENGTH_MAX]
    raise MalformedBodyError(
        f"value is {_shown(value)} (dataType {_shown(data_type)}); expected a number, a boolean or a text"
    )


def _id(value: Any) -> str | None:
    text = _text(value)
    return shorten_id(text) if text else None


def _text(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip()[:TEXT_LENGTH_MAX] or None if isinstance(value, str) else None


def _shown(value: Any) -> str:
    return repr(value)[:100]


def _time_us(value: Any, received_us: int) -> int:
    """The score's time; one without a zone is UTC, one that is none is the time of reception."""
    if not isinstance(value, str):
        return received_us
    try:
        moment = datetime.fromisoformat(value)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        return received_us


def _content_id(fields: Mapping[str, Any]) -> str:
    text = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=12).hexdigest()
