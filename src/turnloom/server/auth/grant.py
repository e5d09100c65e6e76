"""Who a request is from, and what that allows: the rules of *Starting it* in one place."""

from dataclasses import dataclass

from turnloom.server.auth.credentials import read_credentials
from turnloom.server.auth.errors import NotPermittedError, UnknownCredentialsError
from turnloom.server.auth.keyring import DEFAULT_PROJECT, Keyring
from turnloom.server.auth.permission import KINDS, Permission

CREATE_HINT = (
    "create a key with `turnloom keys create` and send it as Basic (public, secret) or Bearer (secret)"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a request may do, and in which project."""

    project: str
    permissions: frozenset[Permission]
    public: str | None = None
    """The key's public part; None for this machine's own requests."""

    def require(self, permission: Permission) -> "Grant":
        """Return itself.

        Raises:
            NotPermittedError: The permission is not among those granted.
        """
        if permission not in self.permissions:
            may = ", ".join(sorted(self.permissions))
            raise NotPermittedError(
                f"the key {self.public} may {may}, not {permission}; use a key of another kind"
            )
        return self


class Gatekeeper:
    """Decides on requests.

    Args:
        keyring: The keys.
        loopback: Whether the server listens where only this machine can reach it.
        anonymous: Whether requests of this machine need no credentials.
    """

    def __init__(self, keyring: Keyring, *, loopback: bool, anonymous: bool) -> None:
        self._keyring = keyring
        self._loopback = loopback
        self._anonymous = anonymous

    def grant(self, authorization: str, *, from_here: bool, public_is_enough: bool = False) -> Grant:
        """Decide on a request.

        Args:
            authorization: The `Authorization` header, "" when there is none.
            from_here: Whether it comes from this machine, and through no proxy.
            public_is_enough: Whether a Bearer public key will do (Langfuse's way to send scores).

        Raises:
            UnknownCredentialsError: It may do nothing.
        """
        here = from_here and self._loopback
        given = read_credentials(authorization)
        if given is None:
            if here and self._anonymous:
                return _own()
            raise UnknownCredentialsError(f"credentials are missing; {CREATE_HINT}")
        if key := self._keyring.find(given):
            return Grant(key.project, KINDS[key.kind], key.public)
        if public_is_enough and given.token and (key := self._keyring.find_public(given.token)):
            return Grant(key.project, frozenset({"write"}), key.public)
        if here and self._keyring.is_empty:
            return _own()
        raise UnknownCredentialsError(f"the credentials are those of no live key; {CREATE_HINT}")


def _own() -> Grant:
    return Grant(DEFAULT_PROJECT, KINDS["admin"])
