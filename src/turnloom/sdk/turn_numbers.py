"""Numbers of turns, counted per conversation in this process."""

import threading
from collections import OrderedDict

CONVERSATIONS_MAX = 50_000
"""Conversations remembered: about 10 MB. The one used longest ago is forgotten first."""


class TurnNumbers:
    """Counts the turns of each conversation.

    Args:
        conversations_max: How many conversations to remember.
    """

    def __init__(self, conversations_max: int = CONVERSATIONS_MAX) -> None:
        self._max = conversations_max
        self._last: OrderedDict[str, int] = OrderedDict()
        self.reset_lock()

    def reset_lock(self) -> None:
        """A new lock, as a forked child needs it."""
        self._lock = threading.RLock()

    def next(self, conversation: str) -> int:
        """The number of the turn that starts now, from 1."""
        with self._lock:
            return self._keep(conversation, self._last.get(conversation, 0) + 1)

    def note(self, conversation: str, number: int) -> int:
        """Go on from a number that the application gave."""
        with self._lock:
            return self._keep(conversation, number)

    def _keep(self, conversation: str, number: int) -> int:
        self._last[conversation] = number
        self._last.move_to_end(conversation)
        if len(self._last) > self._max:
            self._last.popitem(last=False)
        return number
