"""What was accepted and could not be stored: each with its reason, without what was sent."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from turnloom.server.api.access import Administering
from turnloom.server.api.state import Given

router = APIRouter(prefix="/api/v1", tags=["Health"])


@router.get("/quarantine", summary="What could not be stored, newest first")
def list_quarantine(
    given: Given, grant: Administering, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> dict[str, Any]:
    """List requests and rows in quarantine; a key sees those of its own project, by project id."""
    entries = given.quarantine.entries(limit)
    mine = [each for each in entries if grant.public is None or each.get("project") == grant.project]
    return {"data": mine, "total": given.quarantine.count if grant.public is None else len(mine)}
