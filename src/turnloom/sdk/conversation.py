"""The conversation: one thread or topic inside a session."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from turnloom import semconv
from turnloom.sdk.border import warn_once
from turnloom.sdk.details import detail_values, merged_tags, tag_values
from turnloom.sdk.frame import Frame, current_scope
from turnloom.sdk.handle import Handle
from turnloom.sdk.identifiers import Identifier, clean_id
from turnloom.sdk.scope import Scope, Value
from turnloom.sdk.score import Target, send_score

if TYPE_CHECKING:
    from turnloom.sdk.client import Client


class Conversation(Handle):
    """Everything inside belongs to one conversation. Made by `conversation`."""

    kind: ClassVar[str] = "conversation"

    def __init__(
        self, conversation_id: str | None, details: Mapping[str, Value], tags: tuple[str, ...]
    ) -> None:
        self._id = conversation_id
        self._details = details
        self._tags = tags

    @property
    def id(self) -> str | None:
        """The conversation id as it is sent."""
        return self._id

    def score(
        self, name: str, value: bool | float | str, *, comment: str | None = None, source: str | None = None
    ) -> None:
        """Rate the conversation.

        Args:
            name: What is rated.
            value: A number, a boolean, or a category.
            comment: Why.
            source: Who rated, such as `user` or `judge`.
        """
        outer = self._frame.scope if self._frame is not None else current_scope()
        target = Target(session_id=outer.session_id or self._id, conversation_id=self._id)
        send_score(name, value, target, comment=comment, source=source)

    def _open(self, client: "Client") -> None:  # noqa: ARG002 - the client is for kinds that send
        self._frame = Frame(self._scope(current_scope()), self.kind)
        self._frame.enter()
        if self._id is None:
            warn_once("conversation without id", "turnloom: conversation() got no id; it is not grouped")

    def _scope(self, outer: Scope) -> Scope:
        """The same conversation, or the first, refines; another one keeps the session and drops the turn."""
        same = outer.conversation_id is None or outer.conversation_id == self._id
        return replace(
            outer,
            conversation_id=self._id,
            turn_id=outer.turn_id if same else None,
            turn_number=outer.turn_number if same else None,
            tags=merged_tags(outer.tags, self._tags),
            conversation_details={**(outer.conversation_details if same else {}), **self._details},
        )

    def _close(self, error: BaseException | None) -> None:
        """A conversation outlives the block."""


def conversation(
    id: Identifier | None,  # noqa: A002 - the word people use
    *,
    topic: str | None = None,
    initiator: str | None = None,
    participants: Sequence[str] | int | None = None,
    total_turns: int | None = None,
    tags: Sequence[str] = (),
) -> Conversation:
    """Everything inside belongs to one conversation.

    Args:
        id: The conversation, chosen by the application; None or "" is none.
        topic: What it is about.
        initiator: Who began it.
        participants: Who takes part, or how many.
        total_turns: How many turns it has, as the application counts.
        tags: Tags of the traces.

    Returns:
        A handle to enter.

    Raises:
        TypeError: The id is neither str, int nor UUID.
        InvalidArgumentError: The id holds a control character.
    """
    details = detail_values(
        {
            semconv.CONVERSATION_TOPIC: topic,
            semconv.CONVERSATION_INITIATOR: initiator,
            semconv.CONVERSATION_PARTICIPANTS: participants,
            semconv.CONVERSATION_TOTAL_TURNS: total_turns,
        }
    )
    return Conversation(clean_id("id", id), details, tag_values(tags))
