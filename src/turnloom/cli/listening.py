"""Takes a port before anything else is loaded, so that a taken one is known at once."""

import socket

from turnloom.cli.errors import CommandError


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket.

    Args:
        host: Address to listen on.
        port: Port; 0 for any that is free.

    Raises:
        CommandError: It cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CommandError(
            f"cannot listen on {host} port {port}: {error.strerror}; give another with --port"
        ) from error
    return listener
