"""Every setting of the server, once: name, unit, default."""

import os
from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server runs with; each field is also the environment variable `TURNLOOM_<FIELD>`."""

    data: Path = Path.home() / ".turnloom"
    """Folder of engine, control database, segments, quarantine and lock."""
    events: str = ""
    """Event store: "" for the engine embedded in `data`, or `clickhouse://user:password@host:8123/database`."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 4318
    """Port to listen on; 4318 is OTLP/HTTP's own, so an exporter on this machine needs no setting."""
    allowed_hosts: str = ""
    """Further names a `Host` header may carry, comma-separated (localhost always may)."""
    anonymous: bool = True
    """On loopback, requests without credentials mean project `default`."""
    request_bytes_max: int = 64 * 1024 * 1024
    """Inflated size of one request body."""
    requests_at_once_max: int = 16
    """Ingest requests that are read and inflated at the same time; more wait, then get 503."""
    backlog_wait_s: float = 4.0
    """How long an ingest request waits for the digest to catch up before it gets 429."""
    backlog_lag_s: float = 1.2
    """Seconds of digest work that may be acknowledged and not yet visible."""
    segment_spans_max: int = 8_000
    """Spans after which a segment is closed and digested."""
    segment_age_s: float = 0.25
    """Age at which a segment that is not full is digested."""
    turn_incomplete_s: float = 900.0
    """Age at which an announced turn without a span is `incomplete`."""
    close_every_s: float = 15.0
    """How often the close stage looks for what the clock has changed."""
    query_time_max_s: float = 20.0
    """Time limit of a query from a page or the API."""
    query_bytes_max: int = 2_000_000_000
    """Memory limit of a query, in bytes."""


def read_settings(environment: dict[str, str] | None = None, **flags: object) -> Settings:
    """Read settings: default < environment < flags.

    Args:
        environment: Variables, `os.environ` when None.
        **flags: Values by field name; None means not given.

    Returns:
        The settings in force.

    Raises:
        ValueError: A variable's text does not fit its field; the message names both.
    """
    environment = dict(os.environ) if environment is None else environment
    values: dict[str, object] = {}
    for each in fields(Settings):
        name = f"TURNLOOM_{each.name.upper()}"
        if (text := environment.get(name)) is not None:
            values[each.name] = _parse(name, text, str(each.type))
        if flags.get(each.name) is not None:
            values[each.name] = flags[each.name]
    if "data" in values:
        values["data"] = Path(str(values["data"])).expanduser().resolve()
    return Settings(**values)  # pyright: ignore[reportArgumentType] (each value was parsed for its field)


def _parse(name: str, text: str, kind: str) -> object:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    try:
        if "bool" in kind:
            return words[text.lower()]
        if "int" in kind:
            return int(text)
        return float(text) if "float" in kind else text
    except (ValueError, KeyError):
        expected = "yes or no" if "bool" in kind else "a number"
        raise ValueError(f"{name} is {text!r}; expected {expected}") from None
