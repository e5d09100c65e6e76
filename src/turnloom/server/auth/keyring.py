"""The keys of a server: looked up in memory, changed in the control database first."""

import hmac
import re
import threading
import time

from turnloom.server.auth.credentials import Credentials
from turnloom.server.auth.errors import KeyRequestError
from turnloom.server.auth.new_key import NewKey, hash_secret, new_key
from turnloom.server.auth.permission import KINDS
from turnloom.server.store.control import Control
from turnloom.server.store.control_keys import StoredKey, add_key, list_keys, note_uses, revoke_key
from turnloom.server.store.control_projects import Project, add_project, list_projects

DEFAULT_PROJECT = "default"

PROJECT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""Project ids stand in paths of pages."""

SHARED_AGE_MAX_S = 1.0
"""With PostgreSQL another replica may revoke: what is in memory is at most this old. With SQLite
this process alone changes keys, and a revocation is in force when the call returns."""


class Keyring:
    """Finds the key of a request, and changes keys.

    Args:
        control: The control database.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lock = threading.Lock()
        self._used_us: dict[str, int] = {}
        self._by_public: dict[str, StoredKey] = {}
        self._by_hash: dict[str, StoredKey] = {}
        self._read_s = 0.0
        add_project(control, DEFAULT_PROJECT, DEFAULT_PROJECT)
        self.reload()

    def reload(self) -> None:
        """Read the keys again."""
        live = [key for key in list_keys(self._control) if key.revoked_us is None]
        by_hash = {key.secret_sha256: key for key in live}
        with self._lock:
            self._by_public = {key.public: key for key in live}
            self._by_hash = by_hash
            self._read_s = time.monotonic()

    @property
    def is_empty(self) -> bool:
        """Whether no live key exists."""
        return not self._by_public

    def find(self, given: Credentials) -> StoredKey | None:
        """The live key of Basic credentials or of a Bearer secret."""
        self._refresh()
        if given.public is not None:
            key = self._by_public.get(given.public)
            secret = given.secret or ""
        else:
            secret = given.token or ""
            key = self._by_hash.get(hash_secret(secret))
        if not hmac.compare_digest(hash_secret(secret), key.secret_sha256 if key else hash_secret("no key")):
            return None
        return self._used(key)

    def find_public(self, public: str) -> StoredKey | None:
        """The live key of a public part alone, which is enough to send scores and nothing else."""
        self._refresh()
        return self._used(self._by_public.get(public))

    def is_live(self, public: str) -> bool:
        """Whether a key is still live: open streams ask again."""
        self._refresh()
        return public in self._by_public

    def create(self, project: str, kind: str, note: str = "") -> NewKey:
        """Make a key, and its project when it is new.

        Args:
            project: Project id.
            kind: One of `KINDS`.
            note: What it is for.

        Raises:
            KeyRequestError: The project's id or the kind is none that can be.
        """
        if kind not in KINDS:
            raise KeyRequestError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
        self.add_project(project)
        made = new_key()
        row = StoredKey(
            made.public, hash_secret(made.secret), project, kind, note.strip()[:200], time.time_ns() // 1000
        )
        add_key(self._control, row)
        self.reload()
        return made

    def revoke(self, public: str) -> bool:
        """Revoke a key; False when none of that name is live. In force when this returns."""
        done = revoke_key(self._control, public)
        self.reload()
        return done

    def all_keys(self) -> list[StoredKey]:
        """All keys, revoked ones too, with their last use."""
        self.write_uses()
        return list_keys(self._control)

    def projects(self) -> list[Project]:
        """All projects."""
        return list_projects(self._control)

    def add_project(self, project: str) -> None:
        """Add a project unless it is there.

        Raises:
            KeyRequestError: Its id is none that can be.
        """
        if not PROJECT_ID.fullmatch(project):
            raise KeyRequestError(
                f"project is {project[:80]!r}; expected 1 to 64 of a-z, 0-9, - and _, first a letter or digit"
            )
        add_project(self._control, project, project)

    def write_uses(self) -> None:
        """Write when keys were last used; until then it is kept in memory."""
        with self._lock:
            used, self._used_us = self._used_us, {}
        note_uses(self._control, used)

    def _refresh(self) -> None:
        if self._control.shared and time.monotonic() - self._read_s > SHARED_AGE_MAX_S:
            self.reload()

    def _used(self, key: StoredKey | None) -> StoredKey | None:
        if key is not None:
            with self._lock:
                self._used_us[key.public] = time.time_ns() // 1000
        return key
