"""What ends a benchmark."""


class BenchmarkError(Exception):
    """A measurement that would mean nothing; the message says why."""
