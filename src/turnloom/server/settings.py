"""Every setting of the server, once: name, unit, default."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PREFIX = "TURNLOOM_"

FILE = "turnloom.toml"
"""Read from the working directory, or from where `TURNLOOM_CONFIG` says."""

OTHER_NAMES = frozenset(
    {
        "TURNLOOM_CONFIG",
        "TURNLOOM_ENABLED",
        "TURNLOOM_ENDPOINT",
        "TURNLOOM_ENVIRONMENT",
        "TURNLOOM_LOG",
        "TURNLOOM_PROJECT",
        "TURNLOOM_PUBLIC_KEY",
        "TURNLOOM_RELEASE",
        "TURNLOOM_SECRET_KEY",
        "TURNLOOM_SERVICE",
        "TURNLOOM_USER_SALT",
    }
)
"""Variables of the client and the command line: no settings of the server, and no mistakes."""

SECRET_NAMES = frozenset({"admin_password", "control", "events"})
"""Settings whose value is not shown: passwords, and addresses that may hold one."""

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingError(ValueError):
    """A setting that is unknown or does not fit; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server runs with; each field is also the environment variable `TURNLOOM_<FIELD>`."""

    data: Path = Path.home() / ".turnloom"
    """Folder of engine, control database, segments, quarantine and lock."""
    control: str = ""
    """Control database (projects, keys): "" for SQLite in `data`, or `postgresql://user:password@host/database`."""
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
    admin_password: str = ""
    """Password of the pages; an address that others can reach needs one, of 12 characters or more."""
    request_bytes_max: int = 64 * 1024 * 1024
    """Inflated size of one request body."""
    requests_at_once_max: int = 16
    """Ingest requests that are inflated and checked at the same time; more wait, then get 503."""
    requests_large_max: int = 2
    """Of those, how many may inflate to more than 1 MiB."""
    requests_waiting_max: int = 512
    """Ingest requests that are read, checked or written at the same time; more get 503 at once."""
    request_wait_s: float = 5.0
    """How long a request waits for its turn to be inflated before it gets 503."""
    reading_bytes_max: int = 256 * 1024 * 1024
    """Bytes, as received, of all ingest requests in progress; more get 503."""
    sender_silence_s: float = 10.0
    """How long a sender may send nothing in the middle of a request before it is cut with 408."""
    sender_total_s: float = 120.0
    """How long a sender may take for one request before it is cut with 408."""
    backlog_wait_s: float = 4.0
    """How long an ingest request waits for the digest to catch up before it gets 429."""
    backlog_lag_s: float = 0.9
    """Seconds of digest work that may be acknowledged and not yet visible."""
    segment_spans_max: int = 5_000
    """Spans after which a segment is closed and digested."""
    segment_age_s: float = 0.25
    """Age at which a segment that is not full is digested."""
    digest_idle_s: float = 60.0
    """After how long without work the digest's process ends; the next request starts it again."""
    turn_incomplete_s: float = 900.0
    """Age at which an announced turn without a span is `incomplete`."""
    close_every_s: float = 15.0
    """How often the close stage looks for what the clock has changed."""
    query_time_max_s: float = 20.0
    """Time limit of a query from a page or the API."""
    query_bytes_max: int = 2_000_000_000
    """Memory limit of a query, in bytes."""


@dataclass(frozen=True, slots=True)
class Given:
    """One setting in force, and where it is from."""

    name: str
    value: object
    source: str
    """`default`, the file's path, the variable's name, or the flag."""


def read_settings(environment: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Read settings: default < file < environment < flags.

    Args:
        environment: Variables, `os.environ` when None.
        **flags: Values by field name; None means not given.

    Returns:
        The settings in force.

    Raises:
        SettingError: A name is unknown, or a value does not fit its setting; the message names both.
    """
    values = {each.name: each.value for each in explain_settings(environment, **flags)}
    return Settings(**values)  # pyright: ignore[reportArgumentType] (each value was parsed for its field)


def explain_settings(environment: Mapping[str, str] | None = None, **flags: object) -> list[Given]:
    """Read settings as `read_settings` does, each with where it is from."""
    variables = os.environ if environment is None else environment
    path, table = _read_file(variables)
    kinds = {each.name: str(each.type) for each in fields(Settings)}
    _refuse_unknown(variables, table, str(path), kinds)
    return [_given(name, kind, str(path), table, variables, flags) for name, kind in kinds.items()]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    return host in LOOPBACK_HOSTS or host.startswith("127.")


def _given(  # noqa: PLR0917 (the sources, in their order)
    name: str,
    kind: str,
    path: str,
    table: Mapping[str, object],
    variables: Mapping[str, str],
    flags: Mapping[str, object],
) -> Given:
    variable = f"{PREFIX}{name.upper()}"
    if flags.get(name) is not None:
        value, source = flags[name], f"--{name.replace('_', '-')}"
    elif variable in variables:
        value, source = _parse(variable, variables[variable], kind), variable
    elif name in table:
        value, source = _parse(f"{name} in {path}", _text(table[name]), kind), path
    else:
        value, source = getattr(Settings(), name), "default"
    if "Path" in kind:
        value = Path(str(value)).expanduser().resolve()
    return Given(name, value, source)


def _read_file(variables: Mapping[str, str]) -> tuple[Path, Mapping[str, object]]:
    named = variables.get(f"{PREFIX}CONFIG")
    path = Path(named or FILE)
    if named is None and not path.is_file():
        return path, {}
    try:
        return path, tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{path} cannot be read: {error}; expected TOML such as port = 4318") from error


def _refuse_unknown(
    variables: Mapping[str, str], table: Mapping[str, object], path: str, kinds: Mapping[str, str]
) -> None:
    for name in table:
        if name not in kinds:
            raise SettingError(f"{path} sets {name!r}, which is no setting{_nearest(name, kinds)}")
    known = {f"{PREFIX}{name.upper()}" for name in kinds} | OTHER_NAMES
    for name in variables:
        if name.startswith(PREFIX) and name not in known:
            raise SettingError(f"{name} is set, which is no setting{_nearest(name, known)}")


def _nearest(name: str, known: Mapping[str, str] | set[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else "; `turnloom config` lists them"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse(name: str, text: str, kind: str) -> object:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    try:
        if "bool" in kind:
            return words[text.lower()]
        if "int" in kind:
            return int(text)
        return float(text) if "float" in kind else text
    except (ValueError, KeyError):
        expected = "yes or no" if "bool" in kind else "a whole number" if "int" in kind else "a number"
        raise SettingError(f"{name} is {text!r}; expected {expected}") from None
