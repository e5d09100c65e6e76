"""Where keys are changed: in the running server, or in the data folder when none runs."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import orjson

from turnloom.cli.connection import Connection
from turnloom.cli.errors import CommandError
from turnloom.server.auth.errors import KeyRequestError
from turnloom.server.auth.keyring import Keyring
from turnloom.server.settings import SettingError, read_settings
from turnloom.server.store.control import Control
from turnloom.server.store.errors import DataFolderInUseError, StoreError
from turnloom.server.store.lock import hold_folder

ADDRESS = re.compile(r"https?://[^\s()]+")


class KeyStore(Protocol):
    """What the commands need of either."""

    def create(self, project: str, kind: str, note: str) -> dict[str, str]:
        """Make a key."""
        ...

    def list(self) -> list[dict[str, Any]]:
        """All keys without secrets."""
        ...

    def revoke(self, public: str) -> None:
        """Revoke a key."""
        ...


class ServerKeys:
    """Keys of a running server.

    Args:
        server: The server.
    """

    def __init__(self, server: Connection) -> None:
        self._server = server

    def create(self, project: str, kind: str, note: str) -> dict[str, str]:
        """Make a key."""
        body = orjson.dumps({"project": project, "kind": kind, "note": note})
        return self._server.request("POST", "/api/v1/keys", None, body).json()

    def list(self) -> list[dict[str, Any]]:
        """All keys that the credentials may see."""
        return self._server.get("/api/v1/keys")["data"]

    def revoke(self, public: str) -> None:
        """Revoke a key."""
        self._server.request("DELETE", "/api/v1/keys", {"public": public})


class FolderKeys:
    """Keys of a data folder that no server has.

    Args:
        keyring: Its keys.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def create(self, project: str, kind: str, note: str) -> dict[str, str]:
        """Make a key."""
        try:
            made = self._keyring.create(project, kind, note)
        except KeyRequestError as error:
            raise CommandError(str(error)) from error
        return {"public": made.public, "secret": made.secret, "project": project, "kind": kind}

    def list(self) -> list[dict[str, Any]]:
        """All keys."""
        rows = [asdict(each) for each in self._keyring.all_keys()]
        return [{name: value for name, value in row.items() if name != "secret_sha256"} for row in rows]

    def revoke(self, public: str) -> None:
        """Revoke a key."""
        if not self._keyring.revoke(public):
            raise CommandError(f"no live key is named {public!r}; `turnloom keys list` shows them")


@contextmanager
def open_keys(data: Path | None, url: str | None) -> Generator[KeyStore]:
    """Keys of the server at `url`, else of the data folder, else of the server that has the folder.

    Raises:
        CommandError: They cannot be reached.
    """
    if url is not None:
        yield ServerKeys(Connection(url))
        return
    try:
        settings = read_settings(data=data)
        with hold_folder(settings.data, "turnloom keys"):
            control = Control(settings.control) if settings.control else Control.open_folder(settings.data)
            try:
                yield FolderKeys(Keyring(control))
            finally:
                control.close()
    except DataFolderInUseError as error:
        holder = ADDRESS.search(str(error))
        if holder is None:
            raise CommandError(str(error)) from error
    except (SettingError, StoreError, OSError) as error:
        raise CommandError(str(error)) from error
    else:
        return
    yield ServerKeys(Connection(holder.group()))
