"""Whether a span failed, of what, and whether trying again may help."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from turnloom.model.span import RawSpan, Span
from turnloom.vocabulary.call import first_text
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.value_maps import TRANSIENT_STATUS, TRANSIENT_WORDS
from turnloom.vocabulary.values import text, whole

STATUS_ERROR = 2
"""OTLP StatusCode ERROR."""

QUALIFIED_CLASS = re.compile(r"(?:\w+[./])+([A-Z]\w*)$")
"""A class with its module, as `openai.RateLimitError`."""

STATUS_IN_MESSAGE = re.compile(
    r"(?:error code|status code|status|http(?:/\d(?:\.\d)?)?)\s*[:=]?\s*([45]\d\d)\b", re.IGNORECASE
)
"""How SDKs write the HTTP code into a message."""

MESSAGE_SEARCHED_MAX = 2_000
"""Characters of a message in which hints are looked for."""


def fill_failure(span: Span, raw: RawSpan, found: Mapping[str, Sequence[Found]]) -> None:
    """Fill error, its type, message and category.

    Args:
        span: The span to fill.
        raw: The span as it came.
        found: Candidates by field, best first.
    """
    exception: Mapping[str, Any] | None = None
    for _, name, attributes in raw.events:
        if name == "exception":
            exception = attributes
    if not _failed(raw, found, exception):
        return
    span.error = True
    thrown = exception or {}
    span.error_type = _class_name(
        first_text(found.get("error_type", ())) or text(thrown.get("exception.type"))
    )
    span.error_message = (
        text(thrown.get("exception.message"))
        or text(raw.status_message)
        or first_text(found.get("error_message", ()))
    )
    reported = first_text(found.get("error_category", ()))
    if reported is not None and reported.lower() in ("transient", "permanent"):
        span.error_category = reported.lower()
    else:
        span.error_category = category(span.error_type, span.error_message, _http_status(found))


def _failed(raw: RawSpan, found: Mapping[str, Sequence[Found]], exception: Mapping[str, Any] | None) -> bool:
    return (
        raw.status_code == STATUS_ERROR
        or exception is not None
        or first_text(found.get("error_type", ())) is not None
        or _is(found.get("level", ()), "ERROR")
        or _is(found.get("tool_status", ()), "ERROR")
    )


def _is(candidates: Sequence[Found], word: str) -> bool:
    return any((read := text(item[2])) is not None and read.upper() == word for item in candidates)


def _class_name(error_type: str | None) -> str | None:
    """One error is one class, whether its module was sent or not."""
    match = None if error_type is None else QUALIFIED_CLASS.match(error_type)
    return error_type if match is None else match[1]


def _http_status(found: Mapping[str, Sequence[Found]]) -> int | None:
    codes = [whole(item[2]) for item in found.get("http_status", ())]
    return next((code for code in codes if code is not None and code >= 400), None)


def category(error_type: str | None, message: str | None, http_status: int | None) -> str | None:
    """Decide whether trying again may help.

    Args:
        error_type: The class of the error, or an HTTP code.
        message: What it said.
        http_status: The HTTP code of the response, 400 or more.

    Returns:
        `transient` or `permanent`; None when nothing tells.
    """
    searched = (message or "")[:MESSAGE_SEARCHED_MAX]
    code = http_status or whole(error_type)
    if code is None and (match := STATUS_IN_MESSAGE.search(searched)) is not None:
        code = int(match[1])
    if code is not None and 400 <= code <= 599:
        return "transient" if code in TRANSIENT_STATUS or code >= 500 else "permanent"
    hints = f"{error_type or ''} {searched}".lower()
    if any(word in hints for word in TRANSIENT_WORDS):
        return "transient"
    return None if error_type is None else "permanent"
