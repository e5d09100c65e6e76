"""Keys in the control database; of a secret it holds only the SHA-256."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import text

from turnloom.server.store.control import Control

COLUMNS = "public, secret_sha256, project, kind, note, created_us, last_used_us, revoked_us"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is stored; times are microseconds since 1970."""

    public: str
    secret_sha256: str
    project: str
    kind: str
    note: str
    created_us: int
    last_used_us: int | None = None
    revoked_us: int | None = None


def list_keys(control: Control) -> list[StoredKey]:
    """All keys, revoked ones too, oldest first."""
    with control.transaction() as connection:
        rows = connection.execute(text(f"SELECT {COLUMNS} FROM keys ORDER BY created_us, public"))  # noqa: S608 (a constant)
        return [StoredKey(*row) for row in rows]


def add_key(control: Control, key: StoredKey) -> None:
    """Add a key; its project must be there."""
    names = COLUMNS.split(", ")
    statement = f"INSERT INTO keys ({COLUMNS}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608 (constants)
    with control.transaction() as connection:
        connection.execute(text(statement), asdict(key))


def revoke_key(control: Control, public: str) -> bool:
    """Revoke a key; False when there is none that is live."""
    with control.transaction() as connection:
        done = connection.execute(
            text("UPDATE keys SET revoked_us = :now WHERE public = :public AND revoked_us IS NULL"),
            {"now": time.time_ns() // 1000, "public": public},
        )
        return done.rowcount > 0


def note_uses(control: Control, used_us: Mapping[str, int]) -> None:
    """Write when keys were last used; several processes may, the latest stays.

    Args:
        control: The control database.
        used_us: Time of the last use by public key, microseconds since 1970.
    """
    if not used_us:
        return
    with control.transaction() as connection:
        connection.execute(
            text(
                "UPDATE keys SET last_used_us = :used"
                " WHERE public = :public AND (last_used_us IS NULL OR last_used_us < :used)"
            ),
            [{"public": public, "used": used} for public, used in used_us.items()],
        )
