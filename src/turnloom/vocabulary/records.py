"""Log records into canonical records: lifecycle events, messages of a call, evaluations.

Everything else is dropped and counted by the caller, so that the port does not become a log
store (vocabulary, *Attributes of our own*).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, cast

from turnloom.model.record import LIFECYCLE_EVENTS, Record
from turnloom.model.span import Span
from turnloom.vocabulary.events import DETAIL_KEYS, DETAILS, MESSAGE_EVENTS
from turnloom.vocabulary.identity import first_identifier
from turnloom.vocabulary.limits import cut_text, cut_values
from turnloom.vocabulary.messages import Message, read_message, read_messages
from turnloom.vocabulary.values import json_text, number, parsed, text
from turnloom.vocabulary.vocabulary import DEFAULT, Vocabulary

EVALUATION = "gen_ai.evaluation.result"
"""OpenTelemetry's event for the score that an evaluator gave."""

ID_BYTES = 16
"""Of the hash that identifies a record by its content."""


@dataclass(slots=True)
class RawRecord:
    """A log record as it came over the wire, decoded and nothing else."""

    name: str
    """Event name, from the record's field or from the attribute `event.name`."""
    time_us: int
    """Event time, microseconds since 1970, UTC."""
    trace_id: str | None = None
    span_id: str | None = None
    body: Any = None
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    scope: str = ""
    received_us: int = 0


def canonical_records(raw: RawRecord, vocabulary: Vocabulary = DEFAULT) -> tuple[Record, ...]:
    """Map a log record to its canonical form.

    Args:
        raw: The log record.
        vocabulary: The dialects.

    Returns:
        One record, one for each message of a call's details, or none for a log that is none of
        ours.
    """
    if raw.name in LIFECYCLE_EVENTS:
        return (_lifecycle(raw, vocabulary),)
    if raw.trace_id is None or not raw.name.startswith("gen_ai."):
        return ()
    if raw.name == DETAILS:
        return _details(raw)
    if raw.name == EVALUATION:
        return _evaluation(raw)
    part = next((part for part, names in MESSAGE_EVENTS.items() if raw.name in names), None)
    if part is None:
        return ()
    item = {"event.name": raw.name, **_entries(raw)}
    message = read_message(item)
    return () if message is None else (_message(raw, part, 0, message, item),)


def _entries(raw: RawRecord) -> dict[str, Any]:
    """Content stands in the body, or, since the conventions of 2025, in the attributes."""
    body = parsed(raw.body)
    if isinstance(body, dict):
        return cast("dict[str, Any]", body)
    return {**raw.attributes, "content": raw.body} if isinstance(raw.body, str) else dict(raw.attributes)


def _lifecycle(raw: RawRecord, vocabulary: Vocabulary) -> Record:
    body = parsed(raw.body)
    attributes = {**(cast("dict[str, Any]", body) if isinstance(body, dict) else {}), **raw.attributes}
    cut_values(attributes)
    found = vocabulary.find(attributes)
    holder = Span(
        trace_id="", span_id="", parent_id=None, name=raw.name, kind="event", start_us=raw.time_us,
        end_us=None, scope=raw.scope, service=None, version=0,
    )  # fmt: skip
    vocabulary.fill_identity(holder, found, [])
    return replace(
        _record(raw, raw.name, attributes, raw.name),
        session_id=holder.session_id,
        conversation_id=holder.conversation_id,
        user_id=holder.user_id,
        turn_id=first_identifier(found.get("turn_id", ()), [])[0],
    )


def _details(raw: RawRecord) -> tuple[Record, ...]:
    records: list[Record] = []
    for part, keys in DETAIL_KEYS.items():
        entries = _entries(raw)
        held = next((data for key in keys if (data := parsed(entries.get(key))) is not None), None)
        for item in cast("list[Any]", held) if isinstance(held, list) else []:
            messages = read_messages(item)
            if messages:
                records.append(_message(raw, part, len(records), messages[0], item))
    return tuple(records)


def _message(raw: RawRecord, part: str, index: int, message: Message, item: Mapping[str, Any]) -> Record:
    said = None if message.text is None else cut_text(message.text)
    body: dict[str, Any] = {"role": message.role, "text": said, "part": part, "index": index}
    if said is None:  # tool calls and results are kept as sent
        body["content"] = cut_text(json_text(dict(item)))
    reason = text(item.get("finish_reason"))
    if reason is not None:
        body["finish_reason"] = reason
    return _record(raw, "message", body, raw.name)


def _evaluation(raw: RawRecord) -> tuple[Record, ...]:
    entries = _entries(raw)
    value = number(entries.get("gen_ai.evaluation.score.value"))
    label = text(entries.get("gen_ai.evaluation.score.label"))
    if value is None and label is None:
        return ()
    body = {
        "value": label if value is None else value,
        "data_type": "CATEGORICAL" if value is None else "NUMERIC",
        "comment": text(entries.get("gen_ai.evaluation.explanation")),
        "source": "EVAL",
    }
    return (_record(raw, "score", body, text(entries.get("gen_ai.evaluation.name")) or raw.name),)


def _record(raw: RawRecord, kind: str, body: dict[str, Any], name: str) -> Record:
    content = json.dumps(
        [raw.trace_id, raw.span_id, raw.time_us, raw.name, body], sort_keys=True, default=str
    )
    return Record(
        record_id=blake2b(content.encode(), digest_size=ID_BYTES).hexdigest(),
        kind=kind,
        time_us=raw.time_us,
        trace_id=raw.trace_id,
        span_id=raw.span_id,
        name=name,
        body=body,
        received_us=raw.received_us,
    )
