"""Which session was probably meant?"""

import difflib

from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where


def nearest_session_id(source: Source, session_id: str) -> str | None:
    """Find an id that begins alike and differs little; None when there is none."""
    where = Where(source.bindings())
    where.add(
        f"startsWith(session_id, {where.bindings.bind(session_id[: (len(session_id) + 1) // 2], 'String')})"
    )
    ids = [row[0] for row in source.ask("near_ids", where.bindings, {"where": where})]
    found = difflib.get_close_matches(session_id, ids, n=1, cutoff=0.6)
    return found[0] if found else None
