"""The spans of one turn by what they do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from turnloom.model.span import Span
from turnloom.server.domain.roles import BACKGROUND, CALL, COUNTED, EVALUATOR, FAILURE, UNKNOWN, Roles
from turnloom.server.domain.tree import Tree


@dataclass(slots=True)
class Cast:
    """Spans of one turn; evaluators and what is below them only in `spans` and `usages`."""

    spans: list[Span] = field(default_factory=list[Span])
    """All of them."""
    llms: list[Span] = field(default_factory=list[Span])
    """Innermost LLM calls."""
    llm_depths: list[int] = field(default_factory=list[int])
    """How many agents are above each of them."""
    tools: list[Span] = field(default_factory=list[Span])
    agents: list[Span] = field(default_factory=list[Span])
    top_agents: int = 0
    """Agents without an agent above them."""
    failures: list[Span] = field(default_factory=list[Span])
    """Failed spans with no failed span below them."""
    usages: list[tuple[Span, int]] = field(default_factory=list[tuple[Span, int]])
    """Spans whose usage counts or is not known, with their roles."""
    lasting: list[Span] = field(default_factory=list[Span])
    """Spans that are neither evaluators nor background."""


def read_cast(tree: Tree, roles: Roles, members: Sequence[int]) -> Cast:
    """Sort the spans of a turn by what they do.

    Args:
        tree: Spans of the trace.
        roles: What each counts as.
        members: Indexes of the turn's spans.

    Returns:
        The spans, each list by (start, span id).
    """
    cast = Cast()
    spans, bits, depths = tree.spans, roles.bits, roles.agent_depths
    for index in sorted(members):
        span, role = spans[index], bits[index]
        cast.spans.append(span)
        if role & (COUNTED | UNKNOWN):
            cast.usages.append((span, role))
        if not role & (EVALUATOR | BACKGROUND):
            cast.lasting.append(span)
        if role & EVALUATOR:
            continue
        if role & FAILURE:
            cast.failures.append(span)
        if role & CALL:
            cast.llms.append(span)
            cast.llm_depths.append(depths[index] if depths else 0)
        elif span.kind == "tool":
            cast.tools.append(span)
        elif span.kind == "agent":
            cast.agents.append(span)
            cast.top_agents += not depths[index]
    return cast
