"""Hashes that leave the process in place of what they stand for."""

import hashlib
import hmac
import time

import pytest

from turnloom.privacy import hash_input, hash_user, is_hashed_user


def test_a_user_is_hashed_by_hmac_so_that_the_server_can_find_it():
    """The form and the function are the contract with the server."""
    expected = hmac.new(b"salt", b"alice@example.org", hashlib.sha256).hexdigest()[:32]
    assert hash_user("alice@example.org", "salt") == f"u1_{expected}"
    assert hash_user("alice@example.org", b"salt", key_id=2) == f"u2_{expected}"
    assert hash_user("alice@example.org", "other") != hash_user("alice@example.org", "salt")
    assert is_hashed_user(f"u1_{expected}")
    assert not is_hashed_user("u1_alice")


@pytest.mark.parametrize(
    "other",
    ["Where is my invoice", "where is  MY invoice?!", "Where is, my invoice…", "\uff37here is my invoice?"],
)
def test_near_equal_inputs_hash_alike(other: str):
    """After casefold, NFKC and without punctuation."""
    assert hash_input(other, "salt") == hash_input("Where is my invoice?", "salt")


def test_other_inputs_hash_differently():
    """Also long ones that differ after the part that is normalised, by their length."""
    assert hash_input("yes", "salt") != hash_input("no", "salt")
    assert hash_input("yes", "salt") != hash_input("yes", "pepper")
    assert hash_input("a" * 9_000, "salt") != hash_input("a" * 9_001, "salt")
    assert hash_input("alice", "salt")[3:] != hash_user("alice", "salt")[3:]


def test_a_huge_input_costs_little():
    """The host waits for it."""
    text = "ä" * 2_000_000
    started = time.perf_counter()
    hash_input(text, "salt")
    assert time.perf_counter() - started < 0.1
