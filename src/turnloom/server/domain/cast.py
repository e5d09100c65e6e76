"""The spans of one turn by what they do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from turnloom.model.span import Span
from turnloom.server.domain.roles import BACKGROUND, CALL, COUNTED, EVALUATOR, FAILURE, UNKNOWN, Roles
from turnloom.server.domain.tree import Tree


@dataclass(slots=True)
class Cast:
    """Spans of one turn; evaluators and what is below them only in `spans` and `usages`."""

    spans: list[Span]
    """All of them."""
    lasting: list[Span]
    """Those that are neither evaluators nor background."""
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
    last_llm: Span | None = None
    """The call that ended last."""
    last_tool: Span | None = None
    """The tool call that ended last."""


def read_cast(tree: Tree, roles: Roles, members: Sequence[int]) -> Cast:
    """Sort the spans of a turn by what they do.

    Args:
        tree: Spans of the trace.
        roles: What each counts as.
        members: Indexes of the turn's spans.

    Returns:
        The spans, each list by (start, span id).
    """
    bits, depths = roles.bits, roles.agent_depths
    members = sorted(members)
    spans = [tree.spans[index] for index in members]
    cast = Cast(spans, spans)
    for index, span in zip(members, spans, strict=True):
        role = bits[index]
        if role & (COUNTED | UNKNOWN):
            cast.usages.append((span, role))
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
    if roles.aside:
        aside = EVALUATOR | BACKGROUND
        cast.lasting = [tree.spans[index] for index in members if not bits[index] & aside]
    if cast.llms:
        cast.last_llm = max(cast.llms, key=ended)
    if cast.tools:
        cast.last_tool = max(cast.tools, key=ended)
    return cast


def ended(span: Span) -> tuple[int, int, str]:
    """Order of spans by their end."""
    return span.start_us if span.end_us is None else span.end_us, span.start_us, span.span_id
