"""A run of an agent."""

from collections.abc import Mapping
from typing import ClassVar

from opentelemetry.util.types import AttributeValue

from turnloom import semconv
from turnloom.sdk.details import detail_values
from turnloom.sdk.identifiers import Identifier, clean_id
from turnloom.sdk.span_handle import SpanHandle
from turnloom.sdk.text import text_of


class Agent(SpanHandle):
    """A run of an agent. Made by `agent`."""

    kind: ClassVar[str] = "agent"

    def __init__(self, name: str, agent_type: str | None, run_id: Identifier | None, given: object) -> None:
        self._name = name
        self._type = agent_type
        self._run_id = run_id
        self._input = given

    def record(self, *, input: object = None, output: object = None) -> None:  # noqa: A002 - the word of the API
        """Say what the agent got and gave.

        Args:
            input: What it was given.
            output: What it came to.
        """
        if self._client is not None:
            self._set(_texts(input, output))

    def _span_name(self) -> str:
        return f"invoke_agent {self._name}"

    def _start_attributes(self) -> Mapping[str, AttributeValue]:
        return detail_values(
            {
                semconv.GEN_AI_OPERATION_NAME: "invoke_agent",
                semconv.GEN_AI_AGENT_NAME: self._name,
                semconv.AGENT_NAME: self._name,
                semconv.AGENT_TYPE: self._type,
                semconv.AGENT_RUN_ID: self._run_id,
            }
        ) | _texts(self._input, None)


def _texts(given: object, output: object) -> dict[str, AttributeValue]:
    values = {semconv.INPUT_VALUE: given, semconv.OUTPUT_VALUE: output}
    return {key: text_of(value) for key, value in values.items() if value is not None}


def agent(
    name: str,
    *,
    type: str | None = None,  # noqa: A002 - as in agent.type
    run_id: Identifier | None = None,
    input: object = None,  # noqa: A002 - the word of the API
) -> Agent:
    """A run of an agent.

    Args:
        name: The agent's name.
        type: Its part: supervisor, worker or critic.
        run_id: Id of this run, where the framework has one.
        input: What it is given.

    Returns:
        A handle to enter.
    """
    return Agent(name, type, run_id if run_id is None else clean_id("run_id", run_id), input)
