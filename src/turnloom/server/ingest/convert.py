"""Accepted requests, decoded and mapped, by project."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from turnloom.model.span import RawSpan, Span
from turnloom.server.domain.signs import distil
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.inflate import inflate
from turnloom.server.ingest.otlp import decode_traces
from turnloom.server.ingest.otlp_logs import decode_logs
from turnloom.server.ingest.pricing import priced
from turnloom.server.ingest.scores import decode_scores
from turnloom.server.ingest.segment import Entry
from turnloom.server.store.span_rows import lighten, span_row
from turnloom.vocabulary import canonical

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A request, or one span of it, that could not be mapped: kept with its reason."""

    entry: Entry
    reason: str


@dataclass(slots=True)
class Converted:
    """What a run of entries became."""

    projects: dict[str, Incoming] = field(default_factory=dict[str, Incoming])
    misfits: list[Misfit] = field(default_factory=list[Misfit])
    spans: int = 0
    records: int = 0


def convert(entries: Iterable[Entry], request_bytes_max: int) -> Converted:
    """Decode and map entries; what fails costs only itself.

    Args:
        entries: Accepted requests, in the order in which they came.
        request_bytes_max: Inflated size of one body.
    """
    converted = Converted()
    for entry in entries:
        incoming = converted.projects.setdefault(entry.project, Incoming())
        try:
            body = inflate(entry.body, entry.encoding, request_bytes_max)
            _CONVERTERS[entry.kind](entry, body, incoming, converted)
        except Exception as error:
            log.exception("could not map a request of %s", entry.sender)
            converted.misfits.append(Misfit(entry, f"{type(error).__name__}: {error}"))
    return converted


def _take_traces(entry: Entry, body: bytes, incoming: Incoming, converted: Converted) -> None:
    for raw in decode_traces(body, entry.content, entry.received_us).spans:
        _take_span(raw, entry, incoming, converted)


def _take_span(raw: RawSpan, entry: Entry, incoming: Incoming, converted: Converted) -> None:
    try:
        span: Span = distil(priced(canonical(raw)))
        row = span_row(span, entry.project)
        incoming.add_span(lighten(span), row)
    except Exception as error:
        log.exception("could not map span %s of trace %s", raw.span_id, raw.trace_id)
        reason = f"span {raw.span_id} of trace {raw.trace_id}: {type(error).__name__}: {error}"
        converted.misfits.append(Misfit(entry, reason))
    else:
        converted.spans += 1


def _take_logs(entry: Entry, body: bytes, incoming: Incoming, converted: Converted) -> None:
    for record in decode_logs(body, entry.content, entry.received_us).records:
        incoming.add_record(record)
        converted.records += 1


def _take_scores(entry: Entry, body: bytes, incoming: Incoming, converted: Converted) -> None:
    for record in decode_scores(body, entry.received_us).records:
        incoming.add_record(record)
        converted.records += 1


_CONVERTERS = {"traces": _take_traces, "logs": _take_logs, "scores": _take_scores}
