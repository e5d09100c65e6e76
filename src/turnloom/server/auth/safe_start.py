"""Refuses to open the server to others without protection."""

from turnloom.server.auth.errors import UnsafeStartError
from turnloom.server.auth.keyring import Keyring
from turnloom.server.settings import Settings, is_loopback

PASSWORD_LENGTH_MIN = 12
"""Characters of the admin password of a server that others can reach."""


def check_start(settings: Settings, keyring: Keyring) -> None:
    """Check that a server which others can reach has keys and an admin password.

    Raises:
        UnsafeStartError: One of the two is missing; the message says how to add it.
    """
    if is_loopback(settings.host):
        return
    missing: list[str] = []
    if keyring.is_empty:
        missing.append(f"a key (turnloom keys create --data {settings.data})")
    if len(settings.admin_password) < PASSWORD_LENGTH_MIN:
        missing.append(
            f"an admin password of {PASSWORD_LENGTH_MIN} characters or more (TURNLOOM_ADMIN_PASSWORD)"
        )
    if missing:
        raise UnsafeStartError(
            f"host is {settings.host!r}, which others can reach; that needs {' and '.join(missing)}. "
            "Or listen on 127.0.0.1, where nothing is needed"
        )
