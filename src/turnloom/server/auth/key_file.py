"""The server's own secret, in the file `keys` of the data folder, for signatures and keyed hashes."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from turnloom.server.auth.errors import UnsafeStartError

FILE = "keys"
SECRET_BYTES = 32


class ServerSecret:
    """Derives one key for each purpose, so that none can stand in for another.

    Args:
        secret: 32 random bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derive(self, purpose: str) -> bytes:
        """The key for a purpose, such as `cookies`: 32 bytes, the same at every start."""
        return hmac.digest(self._secret, purpose.encode(), hashlib.sha256)


def open_key_file(folder: Path) -> ServerSecret:
    """Read the secret of a data folder; made when missing, readable by its owner alone.

    Raises:
        UnsafeStartError: Others can read the file, or it is none of ours.
    """
    path = folder / FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return ServerSecret(_read(path))
    secret = secrets.token_bytes(SECRET_BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return ServerSecret(secret)


def _read(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise UnsafeStartError(f"{path} can be read by others; expected its owner alone: chmod 600 {path}")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise UnsafeStartError(
            f"{path} is damaged: expected {SECRET_BYTES} bytes as hex; restore it from a backup"
        )
    return secret
