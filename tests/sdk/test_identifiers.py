"""Ids as the application gives them, new ones, and the memory of them."""

import uuid

import pytest

import turnloom
from turnloom.sdk.identifiers import clean_id, uuid7
from turnloom.sdk.seen import Seen
from turnloom.sdk.turn_numbers import TurnNumbers

UUID = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("s-1", "s-1"),
        (" s-1 ", "s-1"),
        (0, "0"),
        (42, "42"),
        (UUID, str(UUID)),
        ("", None),
        (None, None),
        ("null", None),
        ("None", None),
        ("undefined", None),
        ("日本語 🧾", "日本語 🧾"),
        ("a" * 200, "a" * 200),
    ],
)
def test_ids_are_cleaned(given: object, expected: str | None):
    """str, int and UUID; what stands for missing is missing."""
    assert clean_id("id", given) == expected


def test_long_ids_are_shortened_never_dropped():
    """Two that differ in the end stay two."""
    one, two = clean_id("id", "a" * 300), clean_id("id", "a" * 301)
    assert one is not None
    assert two is not None
    assert one != two
    assert len(one) == 150 + 1 + 16


def test_new_ids_are_uuids_of_version_7_that_sort_by_time():
    """After a prefix if there is one."""
    first = turnloom.new_id("chat")
    assert first.startswith("chat-")
    assert uuid.UUID(first.removeprefix("chat-")).version == 7
    assert uuid.UUID(turnloom.new_id()).variant == uuid.RFC_4122
    assert str(uuid7(1_000, 0)) < str(uuid7(1_001, 0))
    assert (
        str(uuid7(0x017F22E279B0, 0xCC3 << 62 | 0x18C4DC0C0C07398F)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    )


def test_turn_numbers_forget_the_conversation_used_longest_ago():
    """Memory is bounded."""
    numbers = TurnNumbers(conversations_max=2)
    assert [numbers.next(name) for name in ("a", "b", "a", "c", "a", "b")] == [1, 1, 2, 1, 3, 1]


def test_seen_is_bounded():
    """The key seen longest ago is new again."""
    seen = Seen(keys_max=2)
    assert [seen.note(key, 5) for key in ("a", "a", "b", "c", "a")] == [True, False, True, True, True]
    assert seen.forget("a") == 5
    assert seen.forget("a") is None
