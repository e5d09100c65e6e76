"""Notes on a span about what ingest had to repair in it; they become flags of the stored span."""

from typing import Any, cast

from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from turnloom.vocabulary import FLAGS_KEY

DEEP = "deep_value"
"""A value was nested too deep and is replaced by `TOO_DEEP`."""

BAD_TEXT = "bad_utf8"
"""A text was not UTF-8; U+FFFD stands for what could not be read."""

DEPTH_MAX = 24
"""Levels of lists and objects in one value; protobuf's parser stops at about 30."""

TOO_DEEP = f"[nested deeper than {DEPTH_MAX} levels]"
"""What stands in the place of a value that is nested too deep."""


def flag_attribute(flag: str) -> KeyValue:
    """Make the attribute that notes a repair.

    Args:
        flag: The flag of the stored span.

    Returns:
        An attribute as it goes over the wire.
    """
    pair = KeyValue(key=FLAGS_KEY)
    pair.value.array_value.values.add(string_value=flag)
    return pair


def add_flag(message: Message, flag: str) -> None:
    """Note a repair on a span or a log record.

    Args:
        message: A message with attributes.
        flag: The flag of the stored span.
    """
    attributes = cast("Any", message).attributes
    for pair in attributes:
        if pair.key == FLAGS_KEY and pair.value.HasField("array_value"):
            pair.value.array_value.values.add(string_value=flag)
            return
    attributes.append(flag_attribute(flag))
