"""Why a request is not let in."""


class AuthError(Exception):
    """Base of everything that is refused at the door."""


class UnknownCredentialsError(AuthError):
    """The credentials are missing, or those of no live key (401)."""


class NotPermittedError(AuthError):
    """The key is live and may not do this (403)."""


class UnsafeStartError(AuthError):
    """The settings would open the server to others without protection."""


class KeyRequestError(AuthError):
    """A key or project cannot be made as asked."""
