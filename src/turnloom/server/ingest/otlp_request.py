"""A body to the request it encodes: strict first, then once more to save what can be saved."""

from typing import Literal, TypeVar

from google.protobuf.message import DecodeError, Message

from turnloom.server.ingest.otlp_json import read_json
from turnloom.server.ingest.otlp_lenient import read_lenient

Encoding = Literal["protobuf", "json"]

Wire = TypeVar("Wire", bound=Message)


def parse_request(body: bytes, encoding: Encoding, message_class: type[Wire]) -> Wire:
    """Decode the body of an export request.

    Args:
        body: The body, inflated.
        encoding: `protobuf` or `json`.
        message_class: The class of the request.

    Returns:
        The request.

    Raises:
        MalformedBodyError: The body is no such request; the message says what and where.
    """
    if encoding == "json":
        return read_json(body, message_class())
    try:
        return message_class.FromString(body)
    except DecodeError:
        return read_lenient(body, message_class)
