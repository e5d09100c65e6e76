"""The demo's people: they visit once when it opens, and keep coming while it runs."""

import contextvars
import itertools
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from opentelemetry.sdk.trace import TracerProvider

import turnloom
from turnloom.demo.live import VISITS
from turnloom.demo.pace import Pace
from turnloom.demo.play import play
from turnloom.demo.samples import SAMPLES
from turnloom.demo.script import Sitting
from turnloom.sdk.turn import Turn

SAMPLE_SCALE = 0.12
"""Samples are played eight times as fast as life: the demo opens within seconds."""

LIVE_SCALE = 0.6
"""Later ones a little faster than life: something happens every few seconds."""

FLUSH_S = 10.0


class People:
    """Scripted people who use an application that sends to one server.

    Args:
        url: The server.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self._running: list[Turn] = []

    def arrive(self) -> None:
        """Start the client as an application would, for nothing but this server."""
        _forget_environment()
        turnloom.init(
            service="turnloom-demo",
            endpoint=self._url,
            environment="demo",
            hash_users=False,  # they are invented, and a list of names is easier to read
            # Not the global one: the server is in this process, and libraries that find a global provider
            # would trace how it takes each span, for ever.
            tracer_provider=TracerProvider(),
        )

    def play_samples(self) -> None:
        """Play all samples, many at a time."""
        pace = Pace(SAMPLE_SCALE, self._stop)
        for after in (0, 1):
            group = [each for each in SAMPLES if each.after == after]
            with ThreadPoolExecutor(len(group)) as pool:
                for running in pool.map(_apart, group, itertools.repeat(pace)):
                    self._running += running
        turnloom.flush(FLUSH_S)

    def live(self, began: Callable[[str, str | None], None]) -> None:
        """Visit one after the other at about the speed of life, until told to leave.

        Args:
            began: Told the id and the user of each session.
        """
        pace = Pace(LIVE_SCALE, self._stop)
        for number, visit in enumerate(itertools.cycle(VISITS), 1):
            if pace.stopped:
                return
            name = f"live-{time.strftime('%H%M%S')}-{number}"
            talks = tuple(replace(talk, id=f"{name}-{talk.id}") for talk in visit.talks)
            began(name, visit.visitor.user)
            play(replace(visit, id=name, talks=talks), pace)

    def leave(self) -> None:
        """Stop waiting, send what is left, end. What runs stays without its end, as after a crash."""
        self._stop.set()
        turnloom.shutdown(FLUSH_S)
        for turn in self._running:
            turn.end()


def _forget_environment() -> None:
    """Forget settings of other applications: they could send the demo's data elsewhere, or nowhere."""
    for name in list(os.environ):
        if name.startswith(("LANGFUSE_", "OTEL_", "TURNLOOM_")):
            del os.environ[name]


def _apart(sitting: Sitting, pace: Pace) -> list[Turn]:
    """Play in a context of its own: a turn that stays open must not enclose what comes after it."""
    return contextvars.Context().run(play, sitting, pace)
