"""Versions of derived rows: each digest has one that is larger than any before."""

from turnloom.server.store.engine import Engine


def largest_version(engine: Engine) -> int:
    """The largest version of any derived row, 0 in an empty store."""
    rows = engine.query(
        "SELECT max(version) FROM (SELECT version FROM traces UNION ALL SELECT version FROM sessions)"
    )
    return int(rows[0][0]) if rows else 0
