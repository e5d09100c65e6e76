"""What scripted people and their applications do, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from turnloom.sdk.lifecycle import EndReason
from turnloom.sdk.session import SessionType
from turnloom.sdk.turn import OutputType


@dataclass(frozen=True, slots=True)
class Think:
    """A call of a model."""

    model: str
    provider: str
    says: str = ""
    tokens: tuple[int, int] = (900, 120)
    """Input and output."""
    cached_tokens: int = 0
    """Part of the input."""
    lasts_s: float = 1.2
    first_token_s: float | None = None
    """Set when the answer is streamed."""
    fails: str | None = None
    """Message of the error that it ends in."""
    attempt: int = 0
    """1 for the first retry."""


@dataclass(frozen=True, slots=True)
class Use:
    """A call of a tool."""

    name: str
    arguments: Mapping[str, object]
    result: object = None
    lasts_s: float = 0.4
    fails: str | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A run of an agent; it may run others."""

    agent: str
    steps: "tuple[Think | Use | Run, ...]"
    type: str | None = None


Step = Think | Use | Run


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what somebody says, what the application does about it, what they get."""

    says: str
    steps: tuple[Step, ...]
    gets: str | None = None
    output_type: OutputType | None = None
    intent: str | None = None
    fails: str | None = None
    """Message of the error that the turn ends in."""
    thumbs: bool | None = None
    """Feedback: up or down."""
    comment: str | None = None
    again: bool = False
    """Whether it regenerates the turn before it."""
    reading_s: float = 2.0
    """Pause before the next one."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation, or the part of it that one session has."""

    id: str
    topic: str
    exchanges: tuple[Exchange, ...]
    unfinished: Exchange | None = None
    """A turn at the end that is started and never ends."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits on the other side."""

    user: str | None
    channel: str
    type: SessionType = "chat"
    locale: str | None = None
    client_version: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session."""

    id: str
    visitor: Visitor
    talks: tuple[Talk, ...]
    ends: EndReason | None = None
    previous_id: str | None = None
    stars: int | None = None
    """Rating of the whole session, 1 to 5."""
    after: Literal[0, 1] = 0
    """1 for what happens once the others are done."""

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All turns that end."""
        return tuple(exchange for talk in self.talks for exchange in talk.exchanges)

    @property
    def turns_count(self) -> int:
        """Numbered turns that the server should come to; one that is tried again counts once."""
        unfinished = sum(talk.unfinished is not None for talk in self.talks)
        return sum(not exchange.again for exchange in self.exchanges) + unfinished

    @property
    def is_rated(self) -> bool:
        """Whether the user says what they think of it."""
        return self.stars is not None or any(each.thumbs is not None for each in self.exchanges)


def _calls(steps: tuple[Step, ...], kind: type[Think] | type[Use]) -> int:
    """Calls of a kind in some steps, at any depth."""
    return sum(
        _calls(step.steps, kind) if isinstance(step, Run) else isinstance(step, kind) for step in steps
    )


def calls_count(sitting: Sitting, kind: type[Think] | type[Use]) -> int:
    """Calls of a model or a tool in a session."""
    steps = [each.steps for each in sitting.exchanges]
    steps += [talk.unfinished.steps for talk in sitting.talks if talk.unfinished is not None]
    return sum(_calls(each, kind) for each in steps)
