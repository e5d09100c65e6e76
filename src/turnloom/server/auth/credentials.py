"""What a request shows of itself in its `Authorization` header."""

import base64
import binascii
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was sent; which of the two a Bearer token is, only a look at the keys can tell."""

    public: str | None = None
    """The user name of Basic."""
    secret: str | None = None
    """The password of Basic."""
    token: str | None = None
    """The token of Bearer: a secret, or Langfuse's public key."""


def read_credentials(header: str) -> Credentials | None:
    """Read an `Authorization` header.

    Args:
        header: Its value, "" when there is none.

    Returns:
        The credentials, empty ones when the header is of no known form, None without a header.
    """
    if not header.strip():
        return None
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return Credentials(token=value.strip())
    if scheme.lower() != "basic":
        return Credentials()
    try:
        public, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return Credentials()
    return Credentials(public=public, secret=secret)
