"""What ends a command."""


class CommandError(Exception):
    """A command cannot do what was asked; the message is all that is printed.

    Args:
        message: What was given, what was expected, what to do.
    """
