"""What ingest has done since the start, for `/health` and `/metrics`."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Counters; they only grow."""

    accepted_spans: int = 0
    refused_spans: int = 0
    accepted_logs: int = 0
    accepted_scores: int = 0
    refused_scores: int = 0
    dropped_metrics: int = 0
    """Metric requests: taken, and dropped."""
    body_bytes: int = 0
    """Of accepted requests, as received."""
    refused_requests: Counter[int] = field(default_factory=Counter[int])
    """By the status of the answer."""
