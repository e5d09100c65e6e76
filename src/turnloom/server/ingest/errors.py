"""What can be wrong with a request that was sent to be stored."""


class IngestError(Exception):
    """Base of everything that ingest refuses."""


class MalformedBody(IngestError, ValueError):
    """A body is not what its content type says; the message names what is wrong and where.

    Args:
        message: What was given and what was expected, for the sender.
    """


class BodyTooLarge(IngestError):
    """A body is larger than a request may be.

    Args:
        size_bytes: Its size, or as far as it was inflated.
        size_bytes_max: What a request may have.
    """

    def __init__(self, size_bytes: int, size_bytes_max: int) -> None:
        super().__init__(
            f"the body has {size_bytes:,} bytes or more once inflated; a request may have {size_bytes_max:,}. "
            "Send smaller batches"
        )


class UnknownEncoding(IngestError):
    """A content coding that is none of those the server reads.

    Args:
        encoding: The Content-Encoding that was sent.
    """

    def __init__(self, encoding: str) -> None:
        super().__init__(f"Content-Encoding is {encoding[:80]!r}; expected gzip, deflate, identity or none")


class TooBusy(IngestError):
    """The server takes no more for now.

    Args:
        reason: What is full.
        retry_after_s: When to come again.
    """

    def __init__(self, reason: str, retry_after_s: int = 1) -> None:
        super().__init__(f"{reason}; send it again in {retry_after_s} s")
        self.retry_after_s = retry_after_s
