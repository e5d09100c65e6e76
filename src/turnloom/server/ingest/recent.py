"""What the digest has just written, kept in memory: most of what comes next belongs to it.

The digest is the only writer, so what it wrote is what is stored. After a digest that failed,
everything is forgotten and read again.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values used last, up to a total weight.

    Args:
        weight_max: Total weight that is kept.
        weigh: Weight of a value, at least 1.
    """

    def __init__(self, weight_max: int, weigh: Callable[[Value], int]) -> None:
        self._weight_max = weight_max
        self._weigh = weigh
        self._held: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: Key) -> Value | None:
        """The value of a key, now the last used one; None when it is not held."""
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held[0]

    def put(self, key: Key, value: Value) -> None:
        """Hold a value, and let go of those used longest ago."""
        self.drop(key)
        weight = max(self._weigh(value), 1)
        if weight > self._weight_max:
            return
        self._held[key] = (value, weight)
        self._weight += weight
        while self._weight > self._weight_max:
            _, (_, dropped) = self._held.popitem(last=False)
            self._weight -= dropped

    def drop(self, key: Key) -> None:
        """Let go of a key."""
        if (held := self._held.pop(key, None)) is not None:
            self._weight -= held[1]

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()
        self._weight = 0
