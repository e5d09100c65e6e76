"""What depends on the clock, as SQL over the columns of `sessions`.

The same comparisons as `turnloom.server.domain.state`, which answers for a session that has been
read; these are for selecting among all of them. A test holds the two against each other.
"""

from turnloom.server.domain.rules import LIVE_US
from turnloom.server.domain.state import NATURAL_END

_LIVE = f"(ifNull(running_until_us, 0) > $now OR last_activity_us + {LIVE_US} > $now)"
_CLOSED = "(end_us IS NULL AND ifNull(closes_us <= $now, 0))"

STATE = f"multiIf(end_us IS NOT NULL, 'ended', {_LIVE}, 'live', {_CLOSED}, 'ended', 'idle')"
"""`live`, `idle` or `ended`."""

ENDED = f"({STATE} = 'ended')"

END_REASON = f"if(end_us IS NOT NULL, toNullable(toString(end_reason)), if({ENDED}, 'timeout', NULL))"
"""Why it ended; NULL while it has not."""

DROPOFF = f"if({ENDED} AND notEmpty(visit_dropoffs), nullIf(visit_dropoffs[-1], ''), NULL)"
"""Reason of the last visit once it has closed."""

OUTCOME = (
    f"multiIf(outcome IS NOT NULL, toNullable(toString(outcome)), NOT {ENDED}, 'open',"
    f" ifNull({DROPOFF}, '{NATURAL_END}') = '{NATURAL_END}', 'ended', 'dropped')"
)
"""As reported or `resolved`, else `dropped`, `open` or `ended`."""

IDLE_US = "greatest($now - last_activity_us, 0)"
"""Time since the last activity."""
