"""Whether spans can be taken and queried."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends

from turnloom.server.api.state import Services, services

router = APIRouter(tags=["Health"])


@router.get("/health", summary="Whether spans can be taken and queried")
@router.get("/api/public/health", include_in_schema=False)
def get_health(given: Annotated[Services, Depends(services)]) -> dict[str, object]:
    """Answer 200 once spans can be taken and queried."""
    given.engine.query("SELECT 1")
    return {
        "status": "OK",
        "version": version("turnloom"),
        "backlog": given.intake.backlog(),
        "quarantined": given.quarantine.count,
        "digested_spans": given.digester.digested_spans,
        "refused_spans": given.intake.refused_spans,
    }
