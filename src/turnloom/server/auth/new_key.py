"""Makes keys: a public part to name it by, and a secret that is shown once."""

import hashlib
import secrets
from dataclasses import dataclass

PUBLIC_PREFIX = "pk-tl-"
SECRET_PREFIX = "sk-tl-"  # noqa: S105 (what secrets start with, so that scanners find leaked ones)

PUBLIC_BYTES = 8
SECRET_BYTES = 16
"""128 bits, random: SHA-256 without salt or stretching is enough (security, *Keys*)."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """The two halves of a key; the secret exists here and with its owner only."""

    public: str
    secret: str


def new_key() -> NewKey:
    """Make a key."""
    return NewKey(
        PUBLIC_PREFIX + secrets.token_hex(PUBLIC_BYTES), SECRET_PREFIX + secrets.token_hex(SECRET_BYTES)
    )


def hash_secret(secret: str) -> str:
    """SHA-256 of a secret, as hex: what is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
