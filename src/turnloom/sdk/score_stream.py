"""Scores on their way to every target that takes them."""

import json
from collections.abc import Sequence

from turnloom.sdk.outbox import Outbox
from turnloom.sdk.score import Score
from turnloom.sdk.sender import Sender
from turnloom.sdk.target import Target


class ScoreStream:
    """Sends scores in the shape of Langfuse's API.

    Args:
        targets: Where to; those without a scores URL are left out.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self.outboxes = [
            Outbox(
                f"scores to {target.name}",
                Sender(target.name, url, target.headers),
                _in_list if target.scores_in_list else _one_by_one,
                "application/json",
            )
            for target in targets
            if (url := target.scores_url) is not None
        ]

    def emit(self, score: Score) -> None:
        """Queue a score."""
        for outbox in self.outboxes:
            outbox.put(score)


def _in_list(scores: Sequence[Score]) -> list[bytes]:
    return [json.dumps([score.body() for score in scores]).encode()]


def _one_by_one(scores: Sequence[Score]) -> list[bytes]:
    """Langfuse's server takes one score a request."""
    return [json.dumps(score.body()).encode() for score in scores]
