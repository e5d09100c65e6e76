"""Whether spans can be taken and queried."""

from importlib.metadata import version

from fastapi import APIRouter

from turnloom.server.api.state import Given

router = APIRouter(tags=["Health"])

VERSION = version("turnloom")


@router.get("/health", summary="Whether spans can be taken and queried")
@router.get("/api/public/health", include_in_schema=False)
def get_health(given: Given) -> dict[str, object]:
    """Answer 200 once spans can be taken and queried, with what waits and what was lost."""
    given.engine.query("SELECT 1")
    counts = given.intake.counts
    return {
        "status": "OK",
        "version": VERSION,
        "backlog": given.intake.backlog(),
        "lag_s": round(given.intake.lag_s(), 3),
        "quarantined": given.quarantine.count,
        "accepted_spans": counts.accepted_spans,
        "digested_spans": given.digester.digested_spans,
        "refused_spans": counts.refused_spans,
        "refused_scores": counts.refused_scores,
        "refused_requests": counts.refused_requests.total(),
    }
