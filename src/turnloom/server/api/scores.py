"""Scores, as Langfuse's SDKs and our client send them."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from turnloom.server.api.access import Scoring
from turnloom.server.api.body import read_delivery
from turnloom.server.api.errors import ApiError
from turnloom.server.api.state import Given
from turnloom.server.ingest.scores import DecodedScores

router = APIRouter(tags=["Ingest"])

INVALID = "Invalid request data"
"""What Langfuse's clients look for."""


@router.post("/api/public/scores", summary="Take one score, or a list of them")
async def post_scores(request: Request, given: Given, project: Scoring) -> JSONResponse:
    """Take scores: an object is answered with its id; of a list, those that are refused are named."""
    async with read_delivery(request, given, project) as delivery:
        if delivery.content != "json":
            raise ApiError(415, "Content-Type is protobuf; expected application/json")
        decoded = await given.intake.scores(delivery)
    return _answer_list(decoded) if decoded.is_list else _answer_one(decoded)


def _answer_one(decoded: DecodedScores) -> JSONResponse:
    if decoded.errors:
        return JSONResponse({"message": INVALID, "error": decoded.errors}, 400)
    return JSONResponse({"id": decoded.records[0].record_id})


def _answer_list(decoded: DecodedScores) -> JSONResponse:
    if not decoded.errors:
        return JSONResponse({"message": "Accepted"}, 202)
    errors = [{"message": message} for message in decoded.errors]
    return JSONResponse({"accepted": len(decoded.records), "rejected": len(errors), "errors": errors}, 207)
