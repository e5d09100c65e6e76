"""Several exchanges in one trace: one trace per WebSocket, per worker, per script."""

from collections.abc import Sequence

from turnloom.server.domain.spoken import Spoken
from turnloom.server.domain.tree import Tree


def find_many(tree: Tree, group: Sequence[int], tops: Sequence[int], spoken: Spoken) -> dict[int, int]:
    """Find the branches of a trace that answer different user messages."""
    return {}
