"""What a key may do."""

from typing import Literal

__all__ = ["KINDS", "Permission"]

Permission = Literal["write", "read", "admin"]

KINDS: dict[str, frozenset[Permission]] = {
    "write": frozenset({"write"}),
    "read": frozenset({"read"}),
    "read-write": frozenset({"write", "read"}),
    "admin": frozenset({"write", "read", "admin"}),
}
"""Kinds of keys: to send only (an app), to read only (a dashboard), both (an unmodified Langfuse
SDK that also fetches), and to manage keys besides."""
