"""Users in the spans of other instrumentation leave the process hashed like our own."""

import json
from collections.abc import Mapping
from typing import cast

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.util.types import AttributeValue

from turnloom import semconv
from turnloom.model.ids import MISSING_WORDS
from turnloom.privacy import hash_user, is_hashed_user

JSON_METADATA = "metadata"
"""OpenInference's metadata: a mapping in JSON."""


def hash_users_of_span(span: ReadableSpan, salt: str) -> ReadableSpan:
    """Replace raw users.

    Args:
        span: A span that ended; other processors hold it too, so it is not changed.
        salt: Secret of the hash.

    Returns:
        The span itself if it names no raw user, else a copy.
    """
    attributes = cast("Mapping[str, AttributeValue]", span.attributes or {})
    hashed = {key: new for key, value in attributes.items() if (new := _hashed(key, value, salt)) != value}
    return _with_attributes(span, {**attributes, **hashed}) if hashed else span


def _hashed(key: str, value: AttributeValue, salt: str) -> AttributeValue:
    """The value as it may leave."""
    if key == JSON_METADATA and isinstance(value, str):
        return _hashed_json(value, salt)
    return _hashed_user(value, salt) if _is_user_key(key) else value


def _is_user_key(key: str) -> bool:
    if key in semconv.USER_KEYS:
        return True
    prefix = next((prefix for prefix in semconv.METADATA_PREFIXES if key.startswith(prefix)), None)
    return prefix is not None and key.removeprefix(prefix) in semconv.USER_KEYS


def _hashed_user(value: object, salt: str) -> str:
    text = str(value).strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text if text in MISSING_WORDS or is_hashed_user(text) else hash_user(text, salt)


def _hashed_json(text: str, salt: str) -> str:
    if not any(f'"{key}"' in text for key in semconv.USER_KEYS):
        return text
    try:
        fields = json.loads(text)
    except ValueError:
        return text
    if not isinstance(fields, dict):
        return text
    known = cast("dict[str, object]", fields)
    users = {key: _hashed_user(known[key], salt) for key in semconv.USER_KEYS if known.get(key) is not None}
    return json.dumps({**known, **users}, ensure_ascii=False)


def _with_attributes(span: ReadableSpan, attributes: Mapping[str, AttributeValue]) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        events=span.events,
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
