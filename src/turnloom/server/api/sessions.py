"""Sessions of a project."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from turnloom.server.api.state import Services, services

router = APIRouter(prefix="/api/v1", tags=["Sessions"])


@router.get("/sessions")
def list_sessions(given: Annotated[Services, Depends(services)], limit: int = 50) -> dict[str, Any]:
    """List sessions, newest first."""
    rows = given.engine.query(
        "SELECT session_id, title, turns_count, user_ids, cost_usd FROM sessions FINAL"
        " WHERE project = 'default' ORDER BY started_us DESC LIMIT {limit:UInt32}",
        {"limit": limit},
    )
    return {"data": [dict(zip(("id", "title", "turns_count", "user_ids", "cost_usd"), row, strict=True)) for row in rows]}
