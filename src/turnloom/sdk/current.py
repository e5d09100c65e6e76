"""The one running client of the process."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from turnloom.sdk.client import Client

_running: "Client | None" = None


def running_client() -> "Client | None":
    """The client that `init` started, or None when there is none or it is disabled."""
    return _running


def set_running(client: "Client | None") -> "Client | None":
    """Put a client in place, or None to reset.

    Args:
        client: The new client.

    Returns:
        The one that was there.
    """
    global _running
    before, _running = _running, client
    return before
