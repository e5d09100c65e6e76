"""Who and what took part in a turn, and what it says about its session."""

import json

from turnloom.model.span import Span
from turnloom.model.turn import ACTIVITY, Turn
from turnloom.server.domain.cast import Cast


def fill_surroundings(turn: Turn, anchor: Span | None, cast: Cast) -> None:
    """Fill in runs, names, tags, session attributes and journeys.

    Args:
        turn: The turn to fill in.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
    """
    turn.llm_calls, turn.tool_calls = len(cast.llms), len(cast.tools)
    turn.agent_runs, turn.top_level_runs = len(cast.agents), cast.top_agents
    if not cast.agents and turn.source != ACTIVITY:
        turn.agent_runs = turn.top_level_runs = 1
    if cast.llms:
        turn.models = tuple(
            sorted({name for span in cast.llms if (name := span.model or span.requested_model)})
        )
    if cast.tools:
        turn.tools = tuple(sorted({span.tool_name or span.name for span in cast.tools}))
    if cast.agents:
        turn.agents = tuple(sorted({span.agent_name or span.name for span in cast.agents}))
    _fill_names(turn, anchor, cast)
    _fill_session_attributes(turn, cast)
    _fill_journeys(turn, cast)


def _fill_names(turn: Turn, anchor: Span | None, cast: Cast) -> None:
    """Service, environment, release and tags: the anchor's first, else the earliest span's that has one."""
    services: set[str] = set()
    tags: set[str] = set()
    if anchor is not None:
        turn.service, turn.environment, turn.release = anchor.service, anchor.environment, anchor.release
    for span in cast.spans:
        if span.service is not None:
            services.add(span.service)
            turn.service = turn.service or span.service
        if turn.environment is None:
            turn.environment = span.environment
        if turn.release is None:
            turn.release = span.release
        if turn.intent is None:
            turn.intent = span.intent
        if span.tags:
            tags.update(span.tags)
    turn.services = tuple(sorted(services))
    turn.tags = tuple(sorted(tags))


def _fill_session_attributes(turn: Turn, cast: Cast) -> None:
    """The latest per key wins; of equal times the larger span id."""
    for span in cast.spans:
        for key, value in span.session_attributes.items():
            turn.session_attributes[key] = value
            turn.session_attribute_times_us[key] = span.start_us


def _fill_journeys(turn: Turn, cast: Cast) -> None:
    steps = [span for span in cast.spans if span.journey]
    if not steps:
        return
    turn.journeys = tuple(sorted({span.journey["name"] for span in steps if "name" in span.journey}))
    told: dict[str, None] = {}
    for span in steps:
        step = {**span.journey, "time_us": span.start_us}
        told[json.dumps(step, sort_keys=True, ensure_ascii=False)] = None
    turn.journey_steps = tuple(told)
