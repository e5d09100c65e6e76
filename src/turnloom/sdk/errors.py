"""What the client raises: only for arguments that are wrong, at the call that gives them."""


class TurnloomError(Exception):
    """Base of every error that Turnloom raises."""


class InvalidArgumentError(TurnloomError, ValueError):
    """An argument has a value that cannot be used."""
