"""The client: what `init` starts and `shutdown` ends. It composes; the work is done elsewhere."""

import os
import time
import weakref
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from opentelemetry.trace import SpanContext, TracerProvider

from turnloom import semconv
from turnloom.model.ids import shorten_id
from turnloom.privacy import hash_input, hash_user
from turnloom.sdk.border import warn_once
from turnloom.sdk.event_stream import EventStream
from turnloom.sdk.lane import Lane
from turnloom.sdk.lanes import close_lanes, join_threads
from turnloom.sdk.outbox import Outbox
from turnloom.sdk.processor import TurnloomProcessor
from turnloom.sdk.provider import join_or_make, resource_attributes, warn_of_second
from turnloom.sdk.scope import Scope, Value
from turnloom.sdk.score import Score
from turnloom.sdk.score_stream import ScoreStream
from turnloom.sdk.seen import Seen
from turnloom.sdk.settings import Settings
from turnloom.sdk.turn_numbers import TurnNumbers

CLOSE_TIMEOUT_S = 5.0
"""Seconds that the end of a process may be held up at most."""

NO_TURN = {semconv.TURN_ID: None, semconv.TURN_NUMBER: None}
"""A session is not part of the turn that it is told of with; None is not sent."""


class Client:
    """A running client.

    Args:
        settings: What it works with.
        given: The tracer provider that the application wants used.
    """

    def __init__(self, settings: Settings, given: TracerProvider | None) -> None:
        self.settings = settings
        self.given = given
        self.turn_numbers = TurnNumbers()
        self._sessions = Seen()
        self._human_requests = Seen()
        release = _version()
        self._provider = join_or_make(settings, given)
        self._check_provider = given is None
        user_salt = settings.salt if settings.hash_users else None
        self._lanes = [Lane(target, user_salt) for target in settings.targets]
        self._processor = TurnloomProcessor(self._lanes, _everywhere(settings), CLOSE_TIMEOUT_S)
        self._provider.add_span_processor(self._processor)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - join_or_make sees to it
        self.tracer = self._provider.get_tracer("turnloom", release)
        resource = resource_attributes(self._provider)
        self._events = EventStream(settings.targets, resource, release)
        self._scores = ScoreStream(settings.targets)
        self._closed = False
        _reset_in_child(self)

    def reset(self) -> None:
        """Go on in a forked child: what was waiting is the parent's to send."""
        for part in (*self._lanes, *self._outboxes()):
            part.reset()
        for memory in (self.turn_numbers, self._sessions, self._human_requests):
            memory.reset_lock()

    def user_id(self, user: str) -> str:
        """A user as it leaves the process."""
        if not self.settings.hash_users:
            return shorten_id(user)
        if self.settings.salt_is_weak:
            warn_once(
                "weak salt",
                "turnloom: users are hashed with a salt made from the service name; set TURNLOOM_USER_SALT",
            )
        return hash_user(user, self.settings.salt)

    def input_hash(self, text: str) -> str:
        """The keyed hash of an input."""
        return hash_input(text, self.settings.salt)

    def session_entered(self, scope: Scope) -> None:
        """Tell at once of a session that replaces another; any other is told of with its first turn.

        A request that merely names a session is no activity: it must not reopen one that has ended.
        """
        if semconv.SESSION_PREVIOUS_ID in scope.session_details:
            self._session_seen(scope)

    def _session_seen(self, scope: Scope) -> None:
        if scope.session_id is not None and self._sessions.note(scope.session_id, time.time_ns()):
            self._events.emit(semconv.EVENT_SESSION_START, {**scope.stamp, **NO_TURN})

    def session_ended(self, scope: Scope, reason: str) -> None:
        """Tell of the explicit end of a session."""
        self._events.emit(semconv.EVENT_SESSION_END, {**scope.stamp, semconv.SESSION_END_REASON: reason})

    def turn_started(self, scope: Scope, span: SpanContext, measures: Mapping[str, Value]) -> None:
        """Tell of a turn before its span ends."""
        if self._check_provider:
            warn_of_second(self._provider)
        self._session_seen(scope)
        self._events.emit(semconv.EVENT_TURN_START, {**scope.stamp, **measures}, span)

    def human_asked(self, request_id: str, scope: Scope, span: SpanContext | None, kind: str) -> None:
        """Tell that a human is waited for."""
        self._human_requests.note(request_id, time.time_ns())
        details = {semconv.HUMAN_REQUEST_ID: request_id, semconv.HUMAN_TYPE: kind}
        self._events.emit(semconv.EVENT_HUMAN_REQUEST, {**scope.stamp, **details}, span)

    def human_answered(
        self, request_id: str, scope: Scope, span: SpanContext | None, decision: str | None
    ) -> None:
        """Tell that a human answered."""
        asked_ns = self._human_requests.forget(request_id)
        waited_ms = None if asked_ns is None else (time.time_ns() - asked_ns) // 1_000_000
        details: dict[str, object] = {
            semconv.HUMAN_REQUEST_ID: request_id,
            semconv.HUMAN_DECISION: decision,
            semconv.HUMAN_WAIT_TIME_MS: waited_ms,
        }
        self._events.emit(semconv.EVENT_HUMAN_RESPONSE, {**scope.stamp, **details}, span)

    def send_score(self, score: Score) -> None:
        """Queue a score."""
        self._scores.emit(score)

    def flush(self, timeout_s: float) -> bool:
        """Send what waits, in at most so many seconds; whether all was handed over."""
        deadline = time.monotonic() + timeout_s
        threads = [lane.start_flush() for lane in self._lanes]
        sent = [box.flush(max(0.0, deadline - time.monotonic())) for box in self._outboxes()]
        done = join_threads(threads, max(0.0, deadline - time.monotonic()))
        return all(sent) and done

    def close(self, timeout_s: float) -> bool:
        """Send what waits for the last time and stop; a second call does nothing."""
        if self._closed:
            return True
        self._closed = True
        deadline = time.monotonic() + timeout_s
        self._processor.stop()
        sent = close_lanes(self._lanes, timeout_s)
        boxes = [box.close(max(0.0, deadline - time.monotonic())) for box in self._outboxes()]
        return sent and all(boxes)

    def dropped(self) -> dict[str, int]:
        """What will not arrive, by where it was going."""
        spans = {f"spans to {lane.name}": lane.dropped for lane in self._lanes}
        return spans | {box.name: box.dropped for box in self._outboxes()}

    def _outboxes(self) -> Sequence[Outbox[object]]:
        return [*self._events.outboxes, *self._scores.outboxes]  # pyright: ignore[reportReturnType] - read only


def _reset_in_child(client: Client) -> None:
    """Ask to be told in a forked child, without keeping a client that was replaced alive."""
    if not hasattr(os, "register_at_fork"):
        return
    weak = weakref.ref(client)
    os.register_at_fork(after_in_child=lambda: known.reset() if (known := weak()) is not None else None)


def _everywhere(settings: Settings) -> dict[str, Value]:
    """What every span of the process gets, since the resource of a joined provider cannot be changed."""
    known = {semconv.LANGFUSE_ENVIRONMENT: settings.environment, semconv.LANGFUSE_RELEASE: settings.release}
    return {key: value for key, value in known.items() if value is not None}


def _version() -> str:
    try:
        return version("turnloom")
    except PackageNotFoundError:
        return "0"
