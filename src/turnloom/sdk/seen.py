"""Remembers which keys were seen, up to a number of them."""

import threading
from collections import OrderedDict

KEYS_MAX = 50_000
"""Keys remembered: about 10 MB. The one seen longest ago is forgotten first."""


class Seen:
    """A bounded memory of keys and when each was first seen.

    Args:
        keys_max: How many keys to remember.
    """

    def __init__(self, keys_max: int = KEYS_MAX) -> None:
        self._max = keys_max
        self._since_ns: OrderedDict[str, int] = OrderedDict()
        self.reset_lock()

    def reset_lock(self) -> None:
        """A new lock, as a forked child needs it."""
        self._lock = threading.RLock()

    def note(self, key: str, time_ns: int) -> bool:
        """Remember a key.

        Args:
            key: The key.
            time_ns: Now.

        Returns:
            Whether it is new.
        """
        with self._lock:
            is_new = key not in self._since_ns
            self._since_ns.setdefault(key, time_ns)
            self._since_ns.move_to_end(key)
            if len(self._since_ns) > self._max:
                self._since_ns.popitem(last=False)
            return is_new

    def forget(self, key: str) -> int | None:
        """Forget a key.

        Args:
            key: The key.

        Returns:
            When it was first seen, or None if it was not.
        """
        with self._lock:
            return self._since_ns.pop(key, None)
