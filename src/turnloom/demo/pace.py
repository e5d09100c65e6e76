"""How fast a script is played."""

import threading


class Pace:
    """Waits, in the script's time.

    Args:
        scale: Real seconds for one second of the script.
        stop: Once set, nothing waits any more.
    """

    def __init__(self, scale: float, stop: threading.Event) -> None:
        self._scale = scale
        self._stop = stop

    @property
    def stopped(self) -> bool:
        """Whether the play is over."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Let script time pass."""
        if seconds > 0:
            self._stop.wait(seconds * self._scale)
