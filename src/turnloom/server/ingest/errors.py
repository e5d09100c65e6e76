"""What can be wrong with a request that was sent to be stored."""


class IngestError(Exception):
    """Base of everything that ingest refuses."""


class MalformedBodyError(IngestError, ValueError):
    """A body is not what its content type says; the message names what is wrong and where.

    Args:
        message: What was given and what was expected, for the sender.
    """


class BodyTooLargeError(IngestError):
    """A body is larger than a request may be.

    Args:
        size_bytes: Its size, or as far as it was inflated.
        size_bytes_max: What a request may have.
    """

    def __init__(self, size_bytes: int, size_bytes_max: int) -> None:
        super().__init__(
            f"the body has {size_bytes:,} bytes or more once inflated; "
            f"a request may have {size_bytes_max:,}. "
            "Send smaller batches"
        )


class UnknownEncodingError(IngestError):
    """A content coding that is none of those the server reads.

    Args:
        encoding: The Content-Encoding that was sent.
    """

    def __init__(self, encoding: str) -> None:
        super().__init__(f"Content-Encoding is {encoding[:80]!r}; expected gzip, deflate, identity or none")


class BacklogFullError(IngestError):
    """More is accepted than the digest has made visible; no more is taken for now.

    Args:
        reason: What is full.
        retry_after_s: When to come again.
    """

    def __init__(self, reason: str, retry_after_s: int = 1) -> None:
        super().__init__(f"{reason}; send it again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class ServerBusyError(IngestError):
    """More requests are in progress than the server reads at once.

    Args:
        reason: What is full.
        retry_after_s: When to come again.
    """

    def __init__(self, reason: str, retry_after_s: int = 1) -> None:
        super().__init__(f"{reason}; send it again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class SlowSenderError(IngestError):
    """A sender takes too long to send its request.

    Args:
        size_bytes: What had come until then.
        waited_s: How long nothing came, or how long it all took.
    """

    def __init__(self, size_bytes: int, waited_s: float) -> None:
        super().__init__(
            f"the request was cut: {size_bytes:,} bytes came and the rest not within {waited_s:g} s"
        )
