"""Deep links into the Turnloom server."""

from urllib.parse import quote

from turnloom.sdk.current import running_client
from turnloom.sdk.frame import current_scope
from turnloom.sdk.identifiers import Identifier, clean_id


def session_url(session_id: Identifier | None = None) -> str | None:
    """The page of a session.

    Args:
        session_id: The session; the one in hand if None.

    Returns:
        Its URL, or None without a session or a running client.

    Raises:
        TypeError: The id is neither str, int nor UUID.
    """
    client = running_client()
    session = clean_id("session_id", session_id) or current_scope().effective_session_id
    if client is None or session is None:
        return None
    project = quote(client.settings.project, safe="")
    return f"{client.settings.endpoint}/projects/{project}/sessions?id={quote(session, safe='')}"
