"""The rules of who may do what, as a table."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from turnloom.server.auth.errors import KeyRequestError, NotPermittedError, UnknownCredentialsError
from turnloom.server.auth.grant import Gatekeeper
from turnloom.server.auth.keyring import Keyring
from turnloom.server.auth.new_key import NewKey
from turnloom.server.store.control import Control


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Keyring]:
    """The keys of an empty data folder."""
    control = Control.open_folder(tmp_path)
    yield Keyring(control)
    control.close()


def basic(key: NewKey, secret: str | None = None) -> str:
    """A Basic header of a key."""
    return "Basic " + base64.b64encode(f"{key.public}:{secret or key.secret}".encode()).decode()


@pytest.mark.parametrize(
    "header", ["", "Basic cHVibGljOnNlY3JldA==", "Bearer anything", "Digest x", "Basic !"]
)
def test_without_keys_this_machine_needs_none(keyring: Keyring, header: str) -> None:
    """As long as no key exists any credentials are taken as `default`."""
    gatekeeper = Gatekeeper(keyring, loopback=True, anonymous=True)
    grant = gatekeeper.grant(header, from_here=True).require("admin")
    assert (grant.project, grant.public) == ("default", None)


@pytest.mark.parametrize(
    "header", ["Basic cHVibGljOnNlY3JldA==", "Bearer anything", "Digest x", "Basic !", "x"]
)
def test_with_a_key_unknown_credentials_are_refused(keyring: Keyring, header: str) -> None:
    """None at all still means `default` on loopback."""
    keyring.create("default", "write")
    gatekeeper = Gatekeeper(keyring, loopback=True, anonymous=True)
    assert gatekeeper.grant("", from_here=True).project == "default"
    with pytest.raises(UnknownCredentialsError, match="no live key"):
        gatekeeper.grant(header, from_here=True)


@pytest.mark.parametrize(
    ("loopback", "anonymous", "from_here"), [(False, True, True), (True, False, True), (True, True, False)]
)
def test_elsewhere_credentials_are_needed(
    keyring: Keyring, loopback: bool, anonymous: bool, from_here: bool
) -> None:
    """A public address, the switch, or a proxy: each of them ends the rule of this machine."""
    gatekeeper = Gatekeeper(keyring, loopback=loopback, anonymous=anonymous)
    with pytest.raises(UnknownCredentialsError, match="missing"):
        gatekeeper.grant("", from_here=from_here)


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        ("write", {"write"}),
        ("read", {"read"}),
        ("read-write", {"write", "read"}),
        ("admin", {"write", "read", "admin"}),
    ],
)
def test_a_kind_says_what_a_key_may(keyring: Keyring, kind: str, may: set[str]) -> None:
    """By Basic and by Bearer secret."""
    made = keyring.create("support", kind)
    gatekeeper = Gatekeeper(keyring, loopback=True, anonymous=True)
    for header in (basic(made), f"Bearer {made.secret}", f"bearer  {made.secret} "):
        grant = gatekeeper.grant(header, from_here=False)
        assert (grant.project, grant.public, grant.permissions) == ("support", made.public, may)
    for permission in ("write", "read", "admin"):
        if permission not in may:
            with pytest.raises(NotPermittedError, match=f"not {permission}"):
                grant.require(permission)


def test_a_public_key_alone_is_enough_for_scores_only(keyring: Keyring) -> None:
    """Langfuse's browser clients show nothing else."""
    made = keyring.create("support", "admin")
    gatekeeper = Gatekeeper(keyring, loopback=True, anonymous=True)
    with pytest.raises(UnknownCredentialsError):
        gatekeeper.grant(f"Bearer {made.public}", from_here=True)
    grant = gatekeeper.grant(f"Bearer {made.public}", from_here=True, public_is_enough=True)
    assert (grant.project, grant.permissions) == ("support", {"write"})


def test_the_halves_of_two_keys_do_not_fit(keyring: Keyring) -> None:
    """The secret must be that of the public part."""
    one, other = keyring.create("a", "write"), keyring.create("b", "write")
    gatekeeper = Gatekeeper(keyring, loopback=True, anonymous=True)
    for header in (basic(one, other.secret), basic(one, "x"), basic(one, " "), f"Bearer {one.secret}x"):
        with pytest.raises(UnknownCredentialsError):
            gatekeeper.grant(header, from_here=True)


def test_a_revoked_key_is_refused_at_once(keyring: Keyring, tmp_path: Path) -> None:
    """Revocation is in force when the call returns, and after a restart."""
    made = keyring.create("support", "write")
    gatekeeper = Gatekeeper(keyring, loopback=True, anonymous=True)
    gatekeeper.grant(basic(made), from_here=False)
    assert keyring.is_live(made.public)
    assert keyring.revoke(made.public)
    assert not keyring.revoke(made.public)
    assert not keyring.is_live(made.public)
    with pytest.raises(UnknownCredentialsError):
        gatekeeper.grant(basic(made), from_here=False)
    again = Control.open_folder(tmp_path)
    assert Keyring(again).is_empty
    again.close()


def test_only_hashes_are_stored_and_the_last_use_is_shown(keyring: Keyring, tmp_path: Path) -> None:
    """The secret is nowhere in the data folder, which others cannot read."""
    made = keyring.create("support", "write", " the shop ")
    assert keyring.all_keys()[0].last_used_us is None
    Gatekeeper(keyring, loopback=True, anonymous=True).grant(basic(made), from_here=False)
    stored = keyring.all_keys()[0]
    assert stored.last_used_us is not None
    assert (stored.note, stored.project) == ("the shop", "support")
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert files
    for path in files:
        assert made.secret.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("project", ["", "Ä", "a/b", "../x", "A", "x" * 65, "-a", "a b"])
def test_a_project_id_fits_in_a_path(keyring: Keyring, project: str) -> None:
    """The message says what is expected."""
    with pytest.raises(KeyRequestError, match="a-z"):
        keyring.create(project, "write")
    with pytest.raises(KeyRequestError, match="read-write"):
        keyring.create("good", "owner")
