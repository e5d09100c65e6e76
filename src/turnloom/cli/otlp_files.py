"""OTLP in files: JSON lines, one JSON request, or one protobuf request; each also gzip'd."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from turnloom.cli.errors import CommandError

GZIP_MAGIC = b"\x1f\x8b"

BATCH_BYTES = 2 * 1024 * 1024
"""Size up to which lines are joined to one request."""

KEYS = {"resourceSpans": "/v1/traces", "resourceLogs": "/v1/logs"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request to send."""

    path: str
    content_type: str
    body: bytes
    size_bytes: int
    """Of the file, as it is read."""
    place: str
    """File and line, for messages."""


def read_parcels(path: Path) -> Iterator[Parcel]:
    """The requests in a file.

    Raises:
        CommandError: It cannot be read, or is no OTLP; the message names file and line.
    """
    try:
        with _open(path) as file:
            start = file.read(1024).lstrip()[:1]
            file.seek(0)
            if start == b"{":
                yield from _json_parcels(path, file)
            else:
                yield _protobuf_parcel(path, file.read())
    except (OSError, EOFError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def _open(path: Path) -> gzip.GzipFile | IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return gzip.open(path, "rb") if packed else path.open("rb")


def _protobuf_parcel(path: Path, body: bytes) -> Parcel:
    """Protobuf does not say what it is: a name with `logs` in it means logs."""
    end_point = "/v1/logs" if "logs" in path.name else "/v1/traces"
    return Parcel(end_point, "application/x-protobuf", body, len(body), str(path))


def _json_parcels(path: Path, file: gzip.GzipFile | IO[bytes]) -> Iterator[Parcel]:
    """Joined lines, or the whole file when its first line is no JSON by itself."""
    batch: dict[str, list[Any]] = {}
    size = first = 0
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            request = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            if number > 1:
                raise CommandError(f"{path} line {number} is not JSON: {error}") from error
            request, line = _whole(path, line + file.read())  # noqa: PLW2901 (it was the first of all lines)
        key = _key(request, f"{path} line {number}")
        if batch and (key not in batch or size + len(line) > BATCH_BYTES):
            yield _json_parcel(batch, size, f"{path} from line {first}")
            batch, size = {}, 0
        first = first if batch else number
        batch.setdefault(key, []).extend(request[key])
        size += len(line)
    if batch:
        yield _json_parcel(batch, size, f"{path} from line {first}")


def _whole(path: Path, text: bytes) -> tuple[Any, bytes]:
    try:
        return orjson.loads(text), text
    except orjson.JSONDecodeError as error:
        raise CommandError(f"{path} is not JSON: {error}") from error


def _key(request: Any, place: str) -> str:
    for key in KEYS:
        if isinstance(request, dict) and isinstance(request.get(key), list):  # pyright: ignore[reportUnknownMemberType]
            return key
    raise CommandError(f"{place} is no OTLP request; expected an object with {' or '.join(KEYS)}")


def _json_parcel(batch: dict[str, list[Any]], size: int, place: str) -> Parcel:
    (key,) = batch
    return Parcel(KEYS[key], "application/json", orjson.dumps(batch), size, place)
