"""Conversations that are chains of responses (rule C3), in any order of arrival."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from captures.made import Made, trace_id
from captures.replay import Replay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnloom.server.store.engine import Engine

_projects = (f"chains{number}" for number in itertools.count())


@dataclass(frozen=True)
class Part:
    """One span of a trace: the agent, which names what it continues, or its call, which answers."""

    trace: int
    is_agent: bool
    needs: int | None = None
    """The trace whose response it continues."""
    conversation: str | None = None
    session: str | None = None

    @property
    def trace_id(self) -> str:
        """The trace; the order of ids is not that of the traces."""
        return trace_id(str(self.trace)).hex()

    def made(self) -> Made:
        """The span as it comes."""
        attributes = {
            "gen_ai.operation.name": "invoke_agent" if self.is_agent else "chat",
            "gen_ai.conversation.id": None if self.needs is None else f"resp_{self.needs}",
            "gen_ai.response.id": None if self.is_agent else f"resp_{self.trace}",
            "conversation.id": self.conversation,
            "session.id": self.session,
        }
        name, parent = ("agent", None) if self.is_agent else ("call", "agent")
        return Made(str(self.trace), name, attributes, parent, at=self.trace * 10)


Placed = tuple[str, str | None, bool, int | None]
"""Session, conversation, whether it is derived, number in the conversation."""


def compute(known: Iterable[Part]) -> dict[str, Placed]:
    """Where every known trace belongs, from scratch."""
    traces: dict[int, list[Part]] = {}
    for part in known:
        traces.setdefault(part.trace, []).append(part)
    gives = {trace for trace, parts in traces.items() if any(not part.is_agent for part in parts)}
    needs = {  # beside an explicit conversation the ambient one is not believed (C4)
        trace: part.needs
        for trace, parts in traces.items()
        for part in parts
        if part.needs is not None and part.conversation is None
    }

    def explicit(trace: int) -> str | None:
        return next((part.conversation for part in traces[trace] if part.conversation), None)

    def chain(trace: int) -> str:
        above = needs.get(trace)
        if named := explicit(trace):
            return named
        return chain(above) if above in gives else traces[trace][0].trace_id

    placed: dict[str, Placed] = {}
    counts: dict[str, int] = {}
    for trace in sorted(traces):
        trace_id = traces[trace][0].trace_id
        linked = trace in needs or (trace in gives and trace in needs.values())
        conversation = chain(trace) if linked or explicit(trace) else None
        session = next((part.session for part in traces[trace] if part.session), None)
        group = conversation or session or trace_id
        counts[group] = counts.get(group, 0) + 1
        derived = session is None and conversation is not None
        placed[trace_id] = (session or conversation or trace_id, conversation, derived, counts[group])
    return placed


@st.composite
def _batches(draw: st.DrawFn) -> list[list[Part]]:
    """Chains, some of them with forks, whose spans come in any order and some of them twice."""
    parts: list[Part] = []
    size = draw(st.integers(2, 8))
    for trace in range(size):
        above = draw(st.sampled_from([None, *[trace - 1] * 8, *range(trace)])) if trace else None
        conversation = draw(st.sampled_from([None] * 5 + ["c-1", "c-2"]))
        session = draw(st.sampled_from([None] * 6 + [f"s-{trace}"]))
        teller = draw(st.booleans())
        parts += [
            Part(
                trace,
                is_agent=True,
                needs=above,
                conversation=conversation if teller else None,
                session=session,
            ),
            Part(
                trace, is_agent=False, needs=None, conversation=None if teller else conversation, session=None
            ),
        ]
    order = draw(st.permutations(parts + draw(st.lists(st.sampled_from(parts), max_size=3))))
    cuts = sorted(draw(st.lists(st.integers(1, len(order)), max_size=6)))
    return [batch for start, end in itertools.pairwise([0, *cuts, len(order)]) if (batch := order[start:end])]


class Chaining:
    """Digests parts into a project of its own."""

    def __init__(self, replay: Replay) -> None:
        self.project = next(_projects)
        self._replay = replay

    def digest(self, batch: Sequence[Part], *, forget: bool = False) -> None:
        """Digest what came at once."""
        self._replay.send(self.project, [[part.made().request() for part in batch]], forget=forget)

    def placed(self) -> dict[str, Placed]:
        """Where the stored turns belong."""
        turns = self._replay.turns(self.project)
        assert len({turn.trace_id for turn in turns}) == len(turns)
        return {
            turn.trace_id: (turn.session_id, turn.conversation_id, turn.derived, turn.number)
            for turn in turns
        }

    def sessions(self) -> set[str]:
        """Ids of the stored sessions."""
        return set(self._replay.sessions(self.project))


@pytest.fixture
def replay(engine: Engine, tmp_path: Path) -> Replay:
    """A digest on an empty database."""
    return Replay(engine, tmp_path)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=_batches(), forget_every=st.sampled_from([1, 2, 100]))
def test_a_chain_is_named_after_its_earliest_known_trace(
    replay: Replay, batches: list[list[Part]], forget_every: int
) -> None:
    """The conversation of the nearest trace at or above that was given one, else the id of the first."""
    chaining = Chaining(replay)
    known: list[Part] = []
    for number, batch in enumerate(batches, 1):
        chaining.digest(batch, forget=number % forget_every == 0)
        known += [part for part in batch if part not in known]
        expected = compute(known)
        assert chaining.placed() == expected
        assert chaining.sessions() == {session for session, _, _, _ in expected.values()}


def test_a_chain_that_arrives_backwards_is_one_conversation(replay: Replay) -> None:
    """Each earlier trace renames all that is known of the chain; the first one names it for good."""
    size = 20
    chaining = Chaining(replay)
    agents = [Part(trace, True, trace - 1 if trace else None, None, None) for trace in range(size)]
    calls = [Part(trace, False, None, None, None) for trace in range(size)]
    for trace in reversed(range(size)):
        chaining.digest([agents[trace], calls[trace]])
    first = agents[0].trace_id
    assert sorted(chaining.placed().values()) == [(first, first, True, n) for n in range(1, size + 1)]


def test_a_circle_of_responses_is_one_conversation(replay: Replay) -> None:
    """What no sender means, and what must not hang: it is named after the smallest trace id."""
    chaining = Chaining(replay)
    for trace in range(3):
        chaining.digest(
            [Part(trace, True, (trace + 1) % 3, None, None), Part(trace, False, None, None, None)]
        )
    assert len({session for session, _, _, _ in chaining.placed().values()}) == 1
