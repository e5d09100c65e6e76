"""The session: who is on the other side, and through which channel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from turnloom import semconv
from turnloom.sdk.border import warn_once
from turnloom.sdk.details import detail_values, merged_tags, tag_values
from turnloom.sdk.frame import Frame, current_scope
from turnloom.sdk.handle import Handle
from turnloom.sdk.identifiers import Identifier, clean_id, id_text
from turnloom.sdk.scope import Scope, Value
from turnloom.sdk.score import Target, send_score

if TYPE_CHECKING:
    from turnloom.sdk.client import Client

SessionType = Literal["chat", "api", "batch", "agent", "voice"]


class Session(Handle):
    """Everything inside belongs to one session. Made by `session`."""

    kind: ClassVar[str] = "session"

    def __init__(
        self,
        session_id: str | None,
        user: str | None,
        details: Mapping[str, Value],
        tags: tuple[str, ...],
    ) -> None:
        self._id = session_id
        self._user = user
        self._details = details
        self._tags = tags

    @property
    def id(self) -> str | None:
        """The session id as it is sent."""
        return self._id

    def score(
        self, name: str, value: bool | float | str, *, comment: str | None = None, source: str | None = None
    ) -> None:
        """Rate the session.

        Args:
            name: What is rated, such as `stars`.
            value: A number, a boolean, or a category.
            comment: Why.
            source: Who rated, such as `user` or `judge`.
        """
        send_score(name, value, Target(session_id=self._id), comment=comment, source=source)

    def _open(self, client: "Client") -> None:
        frame = Frame(self._scope(client, current_scope()), self.kind)
        self._frame = frame
        frame.enter()
        if self._id is None:
            warn_once("session without id", "turnloom: session() got no id; its spans have no session")
        else:
            client.session_entered(frame.scope)

    def _scope(self, client: "Client", outer: Scope) -> Scope:
        """The same session, or the first, refines what is there; another one starts from nothing."""
        base = outer if outer.session_id is None or outer.session_id == self._id else Scope()
        return replace(
            base,
            session_id=self._id,
            user_id=client.user_id(self._user) if self._user is not None else base.user_id,
            tags=merged_tags(base.tags, self._tags),
            session_details={**base.session_details, **self._details},
        )

    def _close(self, error: BaseException | None) -> None:
        """A session outlives the block: only `end_session` ends it."""


def session(
    id: Identifier | None,  # noqa: A002 - the word people use
    *,
    user: Identifier | None = None,
    type: SessionType | None = None,  # noqa: A002 - as in session.type
    channel: str | None = None,
    client_version: str | None = None,
    locale: str | None = None,
    browser: str | None = None,
    country: str | None = None,
    user_tier: str | None = None,
    user_org_id: Identifier | None = None,
    previous_id: Identifier | None = None,
    metadata: Mapping[str, object] | None = None,
    tags: Sequence[str] = (),
) -> Session:
    """Everything inside belongs to one session.

    Args:
        id: The session, chosen by the application; None or "" is none.
        user: The user's raw id: hashed before it leaves the process.
        type: The kind of session; it decides the inactivity timeout.
        channel: Where the user is: web, mobile, api, slack, ...
        client_version: Version of the application on the user's side.
        locale: Language of the user, BCP-47.
        browser: The user's browser.
        country: The user's country, as the application knows it.
        user_tier: Plan of the user.
        user_org_id: Organisation of the user.
        previous_id: The session that this one replaces.
        metadata: Anything else, by key; the latest value of a key wins.
        tags: Tags of the traces.

    Returns:
        A handle to enter.

    Raises:
        TypeError: An id is neither str, int nor UUID.
        InvalidArgumentError: An id holds a control character.
    """
    details = detail_values(
        {
            semconv.SESSION_TYPE: type,
            semconv.SESSION_CHANNEL: channel,
            semconv.SESSION_CLIENT_VERSION: client_version,
            semconv.SESSION_LOCALE: locale,
            semconv.SESSION_BROWSER: browser,
            semconv.SESSION_COUNTRY: country,
            semconv.SESSION_PREVIOUS_ID: clean_id("previous_id", previous_id),
            semconv.USER_TIER: user_tier,
            semconv.USER_ORG_ID: clean_id("user_org_id", user_org_id),
        },
        {semconv.SESSION_METADATA_PREFIX: metadata},
    )
    return Session(clean_id("id", id), id_text("user", user), details, tag_values(tags))
