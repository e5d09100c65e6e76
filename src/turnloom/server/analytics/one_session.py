"""What is one session? The session and one page of its turns."""

from dataclasses import dataclass

from turnloom.model.session import Session
from turnloom.server.analytics.session_list import sessions_by_id
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.turn_page import TurnPage, TurnPosition, page_turns
from turnloom.server.analytics.where import Where


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked for."""

    session_id: str
    limit: int
    """Turns of a page."""
    after: TurnPosition | None = None


@dataclass(frozen=True, slots=True)
class SessionWithTurns:
    """A session and one page of its turns."""

    session: Session
    page: TurnPage


def read_session(source: Source, params: Params) -> SessionWithTurns | None:
    """Read one session.

    Args:
        source: Where to ask.
        params: What is asked for.

    Returns:
        The session, or None when there is none with this id.
    """
    session = sessions_by_id(source, [params.session_id]).get(params.session_id)
    if session is None:
        return None
    where = Where(source.bindings()).equals("session_id", params.session_id)
    return SessionWithTurns(session, page_turns(source, where, params.limit, params.after))
