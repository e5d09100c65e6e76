"""Flushing and closing several lanes at the same time, within one time limit."""

import threading
import time
from collections.abc import Sequence

from turnloom.sdk.lane import Lane


def flush_lanes(lanes: Sequence[Lane], timeout_s: float) -> bool:
    """Send what waits in each lane.

    Args:
        lanes: The lanes.
        timeout_s: Seconds for all of them together.

    Returns:
        Whether each handed over everything in time.
    """
    return join_threads([lane.start_flush() for lane in lanes], timeout_s)


def close_lanes(lanes: Sequence[Lane], timeout_s: float) -> bool:
    """Send what waits in each lane for the last time; what takes longer is given up.

    Args:
        lanes: The lanes.
        timeout_s: Seconds for all of them together.

    Returns:
        Whether each handed over everything in time.
    """
    done = join_threads([lane.start_close() for lane in lanes], timeout_s)
    for lane in lanes:
        lane.abandon()
    return done


def join_threads(threads: Sequence[threading.Thread], timeout_s: float) -> bool:
    """Wait for threads.

    Args:
        threads: The threads.
        timeout_s: Seconds for all of them together.

    Returns:
        Whether all ended.
    """
    deadline = time.monotonic() + timeout_s
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)
