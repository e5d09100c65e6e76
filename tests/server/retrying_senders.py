"""Senders that retry until they are told 200, of sessions whose sums are known."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from wire import attribute, request, span

SPANS_PER_TURN = 4

RETRY_S = 0.03

PAUSE_S = 0.02
"""Between requests: what is killed is the server, not the machine."""


def session_name(sender: int, number: int) -> str:
    """The id of a session."""
    return f"session-{sender}-{number}"


@dataclass
class Known:
    """What one session must come to."""

    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def spans(self) -> int:
        """How many spans it has."""
        return self.turns * SPANS_PER_TURN


@dataclass
class Sender:
    """Sends sessions turn by turn: the children of several turns first, their roots in a later request."""

    number: int
    port: int
    sessions_at_once: int = 4
    turns_per_session: int = 6
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    """(trace id, span id) of all that was answered with 200."""
    known: dict[str, Known] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start sending."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 40) -> None:
        """Let what was begun be finished, so that every trace is whole."""
        self._stopping.set()
        assert self._thread is not None
        self._thread.join(timeout_s)
        assert not self._thread.is_alive(), "a sender could not finish"

    def _run(self) -> None:
        rng = random.Random(self.number)
        start_ns = time.time_ns() - 3_600_000_000_000
        for first in range(0, 1_000_000, self.sessions_at_once):
            for turn in range(self.turns_per_session):
                if self._stopping.is_set():
                    return
                self._send_turns(first, turn, start_ns, rng)

    def _send_turns(self, first: int, turn: int, start_ns: int, rng: random.Random) -> None:
        children: list[dict[str, Any]] = []
        roots: list[dict[str, Any]] = []
        for number in range(first, first + self.sessions_at_once):
            made = list(self._spans(session_name(self.number, number), turn, start_ns, rng))
            roots.append(made[0])
            children += made[1:]
        rng.shuffle(children)
        half = rng.randrange(1, len(children))
        bodies = [children[:half], children[half:], roots]
        for index, spans in enumerate(bodies):
            self._deliver(spans)
            time.sleep(PAUSE_S)
            if rng.random() < 0.2:
                self._deliver(bodies[rng.randrange(index + 1)])

    def _spans(self, session: str, turn: int, start_ns: int, rng: random.Random) -> Iterator[dict[str, Any]]:
        tokens = [(rng.randrange(1, 2000), rng.randrange(1, 500)) for _ in range(2)]
        known = self.known.setdefault(session, Known())
        known.turns += 1
        known.input_tokens += sum(given for given, _ in tokens)
        known.output_tokens += sum(made for _, made in tokens)
        digest = sha256(f"{session}/{turn}".encode()).hexdigest()
        begin_ns = start_ns + turn * 20_000_000_000
        ids = [digest[32 + 8 * index : 40 + 8 * index].zfill(16) for index in range(SPANS_PER_TURN)]

        def made(index: int, name: str, attributes: list[dict[str, Any]]) -> dict[str, Any]:
            return span(
                traceId=digest[:32],
                spanId=ids[index],
                parentSpanId=ids[0] if index else None,
                name=name,
                startTimeUnixNano=str(begin_ns + index * 1_000_000_000),
                endTimeUnixNano=str(begin_ns + (9 if index == 0 else index + 1) * 1_000_000_000),
                attributes=[attribute("session.id", session), *attributes],
            )

        yield made(
            0,
            "answer",
            [
                attribute("gen_ai.operation.name", "invoke_agent"),
                attribute("input.value", f"Question {turn} of {session}?"),
                attribute("output.value", f"Answer {turn}."),
            ],
        )
        for index, (given, answered) in enumerate(tokens, 1):
            yield made(
                index,
                "chat",
                [
                    attribute("gen_ai.operation.name", "chat"),
                    attribute("gen_ai.usage.input_tokens", {"intValue": str(given)}),
                    attribute("gen_ai.usage.output_tokens", {"intValue": str(answered)}),
                ],
            )
        yield made(3, "look up", [attribute("gen_ai.operation.name", "execute_tool")])

    def _deliver(self, spans: list[dict[str, Any]]) -> None:
        body = request(*spans)
        while (status := self._post(body)) != 200:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            time.sleep(RETRY_S)
        self.acknowledged |= {(each["traceId"], each["spanId"]) for each in spans}

    def _post(self, body: bytes) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/v1/traces", body, {"Content-Type": "application/json"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
