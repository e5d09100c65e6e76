"""What can be wrong with a request that was sent to be stored."""


class IngestError(Exception):
    """Base of everything that ingest refuses."""


class MalformedBody(IngestError, ValueError):
    """A body is not what its content type says; the message names what is wrong and where.

    Args:
        message: What was given and what was expected, for the sender.
    """
