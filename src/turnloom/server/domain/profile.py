"""What a session is called and what it says about itself."""

from collections.abc import Iterable, Sequence

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.turn import Turn
from turnloom.server.domain.lifecycle import session_attributes

TITLE_LENGTH_MAX = 120
"""Code points of the first user line that make the title."""

REPORTED = "reported_"
"""Prefix of aggregates that a client sends: kept beside ours, never summed."""

METADATA = "metadata."

_PLAIN = ("browser", "user_tier", "user_org_id")
"""Attributes without a column of their own: shown and filtered as metadata."""


def fill_profile(session: Session, rows: Sequence[Turn], records: Iterable[Record]) -> None:
    """Fill in title, ids, names, attributes and metadata; the latest per key wins.

    Args:
        session: The session to fill in.
        rows: Turns and activity in order.
        records: Lifecycle records of the session.
    """
    session.title = title(rows)
    session.user_ids = _once([user for turn in rows for user in (turn.user_id, *turn.users)])
    session.conversation_ids = _once([turn.conversation_id for turn in rows])
    session.services = _sorted([turn.services for turn in rows])
    session.models = _sorted([turn.models for turn in rows])
    session.tools = _sorted([turn.tools for turn in rows])
    session.agents = _sorted([turn.agents for turn in rows])
    session.tags = _sorted([turn.tags for turn in rows])
    session.journeys = _sorted([turn.journeys for turn in rows])
    session.environment = next((turn.environment for turn in reversed(rows) if turn.environment), None)
    session.release = next((turn.release for turn in reversed(rows) if turn.release), None)
    _fill_attributes(session, latest_attributes(rows, records))


def title(rows: Iterable[Turn]) -> str | None:
    """The first line that the first user message has."""
    for turn in rows:
        for line in (turn.input or "").splitlines():
            if line.strip():
                return line.strip()[:TITLE_LENGTH_MAX]
    return None


def latest_attributes(rows: Iterable[Turn], records: Iterable[Record]) -> dict[str, str]:
    """Attributes of the session by event time.

    Args:
        rows: Turns and activity.
        records: Lifecycle records of the session.

    Returns:
        The latest value per key; of equal times that of the larger value.
    """
    latest: dict[str, tuple[int, str]] = {}
    for turn in rows:
        times = turn.session_attribute_times_us
        for key, value in turn.session_attributes.items():
            told = (times.get(key, turn.start_us), value)
            if key not in latest or told > latest[key]:
                latest[key] = told
    for record in records:
        if record.kind in {"session.start", "session.end"} and record.session_id == session_of(rows, record):
            for key, value in session_attributes(record.body).items():
                told = (record.time_us, value)
                if key not in latest or told > latest[key]:
                    latest[key] = told
    return {key: latest[key][1] for key in sorted(latest)}


def session_of(rows: Iterable[Turn], record: Record) -> str | None:
    """The session the rows are of."""
    return next((turn.session_id for turn in rows), record.session_id)


def _fill_attributes(session: Session, attributes: dict[str, str]) -> None:
    session.type = attributes.get("type")
    session.channel = attributes.get("channel")
    session.locale = attributes.get("locale")
    session.country = attributes.get("country")
    session.client_version = attributes.get("client_version")
    session.reported_outcome = attributes.get("outcome")
    session.metadata = {key: attributes[key] for key in _PLAIN if key in attributes}
    for key, value in attributes.items():
        if key.startswith(METADATA):
            session.metadata[key.removeprefix(METADATA)] = value
        elif key.startswith(REPORTED):
            session.reported[key.removeprefix(REPORTED)] = value


def _once(values: Iterable[str | None]) -> tuple[str, ...]:
    """Each value once, in order of first appearance."""
    return tuple(value for value in dict.fromkeys(values) if value is not None)


def _sorted(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """All names, once; most turns say the same."""
    distinct = set(values)
    if len(distinct) == 1:
        return distinct.pop()
    return tuple(sorted({name for names in distinct for name in names}))
