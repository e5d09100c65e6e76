"""Plays a script through the client, as an application would call it."""

from opentelemetry.trace import get_current_span

import turnloom
from turnloom import semconv
from turnloom.demo.pace import Pace
from turnloom.demo.script import Exchange, Run, Sitting, Step, Talk, Think, Use
from turnloom.sdk.turn import Turn


class ModelError(Exception):
    """What a provider's library raises."""


class ToolError(Exception):
    """What a tool raises."""


class TurnError(Exception):
    """What the application itself raises."""


def play(sitting: Sitting, pace: Pace) -> list[Turn]:
    """Play one session.

    Args:
        sitting: What happens.
        pace: How fast.

    Returns:
        Turns that still run; they end when nobody holds them any more.
    """
    who = sitting.visitor
    session = turnloom.session(
        sitting.id,
        user=who.user,
        type=who.type,
        channel=who.channel,
        locale=who.locale,
        client_version=who.client_version,
        previous_id=sitting.previous_id,
        metadata=who.metadata,
        tags=who.tags,
    )
    with session:
        running = [turn for talk in sitting.talks for turn in _talk(talk, pace)]
        if sitting.stars is not None:
            session.score("stars", sitting.stars, source="user")
        if sitting.ends is not None:
            turnloom.end_session(sitting.ends)
    return running


def _talk(talk: Talk, pace: Pace) -> list[Turn]:
    with turnloom.conversation(talk.id, topic=talk.topic):
        last_id: str | None = None
        for exchange in talk.exchanges:
            last_id = _exchange(exchange, last_id, pace)
            pace.wait(exchange.reading_s)
        return [_start(talk.unfinished, pace)] if talk.unfinished is not None else []


def _exchange(exchange: Exchange, last_id: str | None, pace: Pace) -> str | None:
    turn = turnloom.turn(
        exchange.says, intent=exchange.intent, regenerates=last_id if exchange.again else None
    )
    try:
        with turn:
            for step in exchange.steps:
                _step(step, pace)
            turn.record(output=_answer(exchange), output_type=exchange.output_type)
    except TurnError:
        pass  # the application shows an error page; the client has recorded the exception
    if exchange.thumbs is not None:
        turn.score("thumbs", exchange.thumbs, comment=exchange.comment, source="user")
    return turn.id


def _answer(exchange: Exchange) -> str | None:
    if exchange.fails is not None:
        raise TurnError(exchange.fails)
    return exchange.gets


def _start(exchange: Exchange, pace: Pace) -> Turn:
    """Start a turn by hand and leave it running."""
    turn = turnloom.turn(exchange.says, intent=exchange.intent).start()
    for step in exchange.steps:
        _step(step, pace)
    return turn


def _step(step: Step, pace: Pace) -> None:
    try:
        if isinstance(step, Think):
            _think(step, pace)
        elif isinstance(step, Use):
            _use(step, pace)
        else:
            _run(step, pace)
    except (ModelError, ToolError):
        pass  # the next step tries again, or the agent goes on without


def _run(step: Run, pace: Pace) -> None:
    with turnloom.agent(step.agent, type=step.type):
        for each in step.steps:
            _step(each, pace)


def _think(step: Think, pace: Pace) -> None:
    with turnloom.llm(step.model, provider=step.provider) as call:
        _note_attempt(step.attempt)
        pace.wait(step.first_token_s or 0)
        if step.first_token_s is not None:
            call.first_chunk()
        pace.wait(step.lasts_s - (step.first_token_s or 0))
        if step.fails is not None:
            raise ModelError(step.fails)
        given, made = step.tokens
        usage = {
            "prompt_tokens": given,
            "completion_tokens": made,
            "prompt_tokens_details": {"cached_tokens": step.cached_tokens},
        }
        call.record(
            output=step.says or None, usage=usage, finish_reason="stop" if step.says else "tool_calls"
        )


def _use(step: Use, pace: Pace) -> None:
    with turnloom.tool(step.name, arguments=step.arguments) as tool:
        _note_attempt(step.attempt)
        pace.wait(step.lasts_s)
        if step.fails is not None:
            raise ToolError(step.fails)
        tool.record(result=step.result)


def _note_attempt(attempt: int) -> None:
    if attempt:
        get_current_span().set_attribute(semconv.RETRY_ATTEMPT, attempt)
