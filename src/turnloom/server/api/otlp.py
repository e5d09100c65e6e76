"""OTLP over HTTP, at OTLP's own paths and at Langfuse's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from turnloom.server.api.body import read_delivery
from turnloom.server.api.state import Services, services
from turnloom.server.ingest.intake import Content, Receipt

router = APIRouter(tags=["Ingest"])

Given = Annotated[Services, Depends(services)]


@router.post("/v1/traces", summary="Take spans (OTLP)")
@router.post("/api/public/otel/v1/traces", summary="Take spans (OTLP, as Langfuse SDKs send them)")
async def post_traces(request: Request, given: Given) -> Response:
    """Take spans in protobuf or JSON; what is refused is named in `partial_success`."""
    delivery = await read_delivery(request, given)
    receipt = await given.intake.traces(delivery)
    return _answer(receipt, delivery.content)


def _answer(receipt: Receipt, content: Content) -> Response:
    message = "; ".join(receipt.reasons)
    if content == "json":
        partial = {"rejectedSpans": str(receipt.refused), "errorMessage": message} if receipt.refused else None
        return _json({"partialSuccess": partial} if partial else {})
    answer = ExportTraceServiceResponse()
    if receipt.refused:
        answer.partial_success.rejected_spans = receipt.refused
        answer.partial_success.error_message = message
    return Response(answer.SerializeToString(), media_type="application/x-protobuf")


def _json(value: object) -> Response:
    import orjson

    return Response(orjson.dumps(value), media_type="application/json")
