"""Recorded requests and what is read from them."""

import gzip
import json
from pathlib import Path
from typing import Any

from turnloom.model.span import RawSpan, Span
from turnloom.server.ingest.otlp import decode_traces
from turnloom.server.ingest.otlp_logs import decode_logs
from turnloom.vocabulary import canonical

from .replay import Request

FOLDER = Path(__file__).parent
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/truth.json"))
RECEIVED_US = 1_796_000_000_000_000  # after every recording, within 24 h of none

SHOWN = (
    "trace_id", "span_id", "name", "kind", "session_id", "session_key", "conversation_id", "conversation_key",
    "linked_response_id", "user_id", "user_key", "turn_number", "turn_number_key", "model", "requested_model",
    "provider", "input_tokens", "output_tokens", "cached_input_tokens", "cache_write_tokens",
    "reasoning_tokens", "cost_usd", "finish_reason", "response_id", "tool_name", "agent_name", "ttft_us",
    "input_key", "output_key", "input_text", "output_text", "has_user_message", "messages_count", "error",
    "error_type", "error_category", "environment", "release", "service", "tags", "flags",
)  # fmt: skip


def bodies(name: str, kind: str = "traces") -> list[bytes]:
    """The bodies of a recording in the order in which they were sent."""
    return [
        gzip.decompress(path.read_bytes()) for path in sorted((FOLDER / name).glob(f"*_v1_{kind}.bin.gz"))
    ]


def requests(name: str) -> list[Request]:
    """Every request of a recording that is stored, in the order in which they were sent."""
    paths = sorted((FOLDER / name).glob("*.gz"))
    kinds = [path.name.split(".")[0].rsplit("_", 1)[1] for path in paths]
    return [
        Request(kind, gzip.decompress(path.read_bytes()))
        for path, kind in zip(paths, kinds, strict=True)
        if kind != "metrics"
    ]


def raw_spans(name: str) -> list[RawSpan]:
    """The spans of a recording as they came."""
    return [span for body in bodies(name) for span in decode_traces(body, "protobuf", RECEIVED_US).spans]


def spans(name: str) -> list[Span]:
    """The canonical spans of a recording."""
    return [canonical(raw) for raw in raw_spans(name)]


def records(name: str) -> list[Any]:
    """The canonical records of a recording's logs."""
    return [
        record
        for body in bodies(name, "logs")
        for record in decode_logs(body, "protobuf", RECEIVED_US).records
    ]


def turns(name: str) -> list[dict[str, Any]]:
    """What really happened."""
    return json.loads((FOLDER / name / "truth.json").read_text())["turns"]


def shown(span: Span) -> dict[str, Any]:
    """What is checked of a span: everything that was read, without what was not."""
    read = {field: getattr(span, field) for field in SHOWN}
    return {
        field: list(value) if isinstance(value, tuple) else str(value) if field == "cost_usd" else value
        for field, value in read.items()
        if value not in (None, (), False)
    }


def expected(name: str) -> list[dict[str, Any]]:
    """What is to be read from each span of a recording."""
    return json.loads((FOLDER / name / "spans.json").read_text())


def write_expected() -> None:
    """Write what is read now, to be reviewed."""
    for name in NAMES:
        lines = ",\n".join(json.dumps(shown(span), ensure_ascii=False) for span in spans(name))
        (FOLDER / name / "spans.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    write_expected()
