"""OTLP over HTTP, at OTLP's own paths and at Langfuse's."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from turnloom.server.api.access import Writing
from turnloom.server.api.body import read_delivery
from turnloom.server.api.errors import ApiError, answer
from turnloom.server.api.state import Given
from turnloom.server.ingest.errors import MalformedBodyError, UnknownEncodingError
from turnloom.server.ingest.intake import Content, Receipt

router = APIRouter(tags=["Ingest"])

METRICS_DROPPED = (
    "metrics are not stored: Turnloom reads traces and logs. "
    "Set OTEL_METRICS_EXPORTER=none, or send metrics to another end point"
)


@router.post("/v1/traces", summary="Take spans (OTLP)")
async def post_traces(request: Request, given: Given, project: Writing) -> Response:
    """Take spans in protobuf or JSON; what is refused is named in `partial_success`."""
    async with read_delivery(request, given, project) as delivery:
        receipt = await given.intake.traces(delivery)
    partial = _partial(receipt, "rejected_spans")
    return _answer(ExportTraceServiceResponse(), partial, delivery.content)


@router.post("/v1/logs", summary="Take log records (OTLP)")
async def post_logs(request: Request, given: Given, project: Writing) -> Response:
    """Take log records: lifecycle events, and messages that belong to spans."""
    async with read_delivery(request, given, project) as delivery:
        receipt = await given.intake.logs(delivery)
    partial = _partial(receipt, "rejected_log_records")
    return _answer(ExportLogsServiceResponse(), partial, delivery.content)


@router.post("/v1/metrics", summary="Take metrics, and drop them (OTLP)")
async def post_metrics(request: Request, given: Given, project: Writing) -> Response:
    """Take metrics so that exporters do not fail, drop them, and say so in `partial_success`."""
    del project
    async with read_delivery(request, given, "") as delivery:
        given.intake.counts.dropped_metrics += 1
    partial = {"error_message": METRICS_DROPPED}
    return _answer(ExportMetricsServiceResponse(), partial, delivery.content)


@router.post("/api/public/otel/v1/traces", summary="Take spans (OTLP, as Langfuse's SDKs send them)")
async def post_langfuse_traces(request: Request, given: Given, project: Writing) -> Response:
    """Take spans; Langfuse's SDKs expect `{}`, or 400 with the reason when nothing could be taken."""
    try:
        async with read_delivery(request, given, project) as delivery:
            receipt = await given.intake.traces(delivery)
    except (MalformedBodyError, UnknownEncodingError) as error:
        return answer(400, str(error))
    except ApiError as error:
        return answer(400 if error.status == 415 else error.status, error.message)
    if receipt.refused and not receipt.accepted:
        return answer(400, "; ".join(receipt.reasons))
    return _answer(ExportTraceServiceResponse(), _partial(receipt, "rejected_spans"), "json")


def _partial(receipt: Receipt, count: str) -> dict[str, Any] | None:
    if not receipt.refused:
        return None
    return {count: receipt.refused, "error_message": "; ".join(receipt.reasons)}


def _answer(message: Message, partial: dict[str, Any] | None, content: Content) -> Response:
    """The answer in the content type of the request."""
    if content == "json":
        body = (
            {"partialSuccess": {_camel(name): _json(value) for name, value in partial.items()}}
            if partial
            else {}
        )
        return Response(orjson.dumps(body), media_type="application/json")
    for name, value in (partial or {}).items():
        setattr(message.partial_success, name, value)  # type: ignore[attr-defined]
    return Response(message.SerializeToString(), media_type="application/x-protobuf")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _json(value: Any) -> str:
    """Protobuf's JSON writes 64-bit numbers as text."""
    return str(value)
