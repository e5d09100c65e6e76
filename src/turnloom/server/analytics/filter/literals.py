"""Values of a filter as what the engine compares with: checked against the field's type."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from turnloom.server.analytics.filter.errors import FilterError, listing, nearest, shown
from turnloom.server.analytics.filter.fields import Field
from turnloom.server.analytics.filter.syntax import Literal

Bound = tuple[object, str]
"""A value and the engine's type for it."""

NUMBER = re.compile(r"(-?\d{1,18}(?:\.\d{1,15})?)([kKM]?)")
DURATION = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)(us|ms|s|m|h|d)?")
NOW = re.compile(r"now(?:([+-])(\d{1,9}(?:\.\d{1,6})?)(us|ms|s|m|h|d))?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

UNITS_US = {"us": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
SIZES = {"": 1, "k": 1_000, "K": 1_000, "M": 1_000_000}
US_MAX = 2**62
"""Microseconds; far outside any time or duration, and safe to add to."""


def bound(field: Field, literal: Literal, now_us: int) -> Bound:
    """Read a value for a field.

    Args:
        field: What it is compared with.
        literal: The value as written.
        now_us: The clock, microseconds since 1970, for `now-2h`.

    Returns:
        The value in the column's unit, and the engine's type.

    Raises:
        FilterError: It is of another type; the message says what would fit.
    """
    found = READERS[field.kind](field, literal, now_us)
    if found is None:
        raise FilterError(literal.column, f"`{field.name}` {FITS[field.kind]}; found {shown(str(literal))}")
    return found


def read_time(text: str, now_us: int) -> int | None:
    """A time as written.

    Args:
        text: ISO 8601 (UTC unless it says otherwise), a date, or `now-2h`.
        now_us: The clock.

    Returns:
        Microseconds since 1970, or None when it is no time.
    """
    if match := NOW.fullmatch(text):
        sign, amount, unit = match.groups()
        away_us = int(Decimal(amount) * UNITS_US[unit]) if amount else 0
        return now_us - away_us if sign == "-" else now_us + away_us
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


def _number(_: Field, literal: Literal, __: int) -> Bound | None:
    match = None if literal.quoted else NUMBER.fullmatch(literal.text)
    if match is None:
        return None
    value = Decimal(match[1]) * SIZES[match[2]]
    if value != value.to_integral_value():
        return float(value), "Float64"
    return (int(value), "Int64") if abs(value) < 2**63 else None


def _money(_: Field, literal: Literal, __: int) -> Bound | None:
    match = None if literal.quoted else NUMBER.fullmatch(literal.text)
    return None if match is None or match[2] else (match[1], "Decimal(38, 15)")


def _duration(field: Field, literal: Literal, _: int) -> Bound | None:
    match = None if literal.quoted else DURATION.fullmatch(literal.text)
    if match is None:
        return None
    amount, unit = Decimal(match[1]), match[2]
    unit_us = UNITS_US[unit] if unit else field.bare_unit_us
    if unit_us is None and amount:
        raise FilterError(
            literal.column,
            f"`{field.name}` is a duration and {literal.text} has no unit;"
            f" write {literal.text}s or {literal.text}ms",
        )
    value_us = int(amount * (unit_us or 1))
    return (value_us, "Int64") if value_us < US_MAX else None


def _string(_: Field, literal: Literal, __: int) -> Bound:
    return literal.text, "String"


def _enum(field: Field, literal: Literal, _: int) -> Bound:
    if literal.text not in field.words:
        raise FilterError(
            literal.column,
            f"`{field.name}` is never {shown(literal.text)}; it is {listing(field.words)}"
            f"{nearest(literal.text, field.words)}",
        )
    return literal.text, "String"


def _time(_: Field, literal: Literal, now_us: int) -> Bound | None:
    value_us = read_time(literal.text, now_us)
    return None if value_us is None or abs(value_us) >= US_MAX else (value_us, "Int64")


def _boolean(_: Field, literal: Literal, __: int) -> Bound | None:
    word = literal.text.lower()
    return None if literal.quoted or word not in {"true", "false"} else (int(word == "true"), "UInt8")


READERS: dict[str, Callable[[Field, Literal, int], Bound | None]] = {
    "number": _number,
    "money": _money,
    "duration": _duration,
    "string": _string,
    "set": _string,
    "enum": _enum,
    "time": _time,
    "boolean": _boolean,
}

FITS = {
    "number": "is a number, such as 5, 0.8 or 2k",
    "money": "is an amount in USD, such as 0.50",
    "duration": "is a duration, such as 250ms, 10s, 5m, 2h or 3d",
    "time": "is a time, such as 2026-01-31, 2026-01-31T10:00:00Z or now-2h",
    "boolean": "is true or false",
}
"""What would fit, by type; every text fits the others."""
