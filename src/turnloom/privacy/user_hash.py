"""User ids leave the process as keyed hashes, so that support can find a user by the raw id."""

import hashlib
import hmac
import re

HASH_LENGTH = 32
"""Hex digits kept of the HMAC: 128 bits, no collisions among any number of users."""

_HASHED = re.compile(r"u\d+_[0-9a-f]{32}")


def hash_user(user_id: str, salt: str | bytes, key_id: int = 1) -> str:
    """Hash a user id with a secret that the server knows too.

    Args:
        user_id: The raw id, as the application knows it.
        salt: The secret (`TURNLOOM_USER_SALT`).
        key_id: Which secret it is, so that it can be changed later.

    Returns:
        `u<key id>_` and 32 hex digits of HMAC-SHA-256.
    """
    key = salt.encode() if isinstance(salt, str) else salt
    digest = hmac.new(key, user_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"u{key_id}_{digest[:HASH_LENGTH]}"


def is_hashed_user(value: str) -> bool:
    """Whether a value has the form that `hash_user` gives."""
    return _HASHED.fullmatch(value) is not None
