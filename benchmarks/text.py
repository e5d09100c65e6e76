"""Text that compresses like prose: slices of one long run of made-up words of Zipf's frequency."""

import random

WORDS = 6_000
POOL_WORDS = 200_000

_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"


class Prose:
    """Cuts texts of a wanted length out of a fixed pool.

    Args:
        rng: Where to cut, and how much.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._pool = _pool()

    def cut(self, length_min: int, length_max: int) -> str:
        """A text with a number of characters between the two."""
        length = self._rng.randint(length_min, length_max)
        start = self._rng.randint(0, len(self._pool) - length - 1)
        return self._pool[start : start + length]


def _pool() -> str:
    words = _words(random.Random(7))
    frequencies = [1 / (rank + 2) for rank in range(len(words))]
    return " ".join(random.Random(11).choices(words, frequencies, k=POOL_WORDS))


def _words(rng: random.Random) -> list[str]:
    def syllable() -> str:
        return rng.choice(_CONSONANTS) + rng.choice(_VOWELS)

    return ["".join(syllable() for _ in range(rng.randint(1, 4))) for _ in range(WORDS)]
