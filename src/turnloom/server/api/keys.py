"""Keys: made, listed and revoked while the server runs. The secret is shown once, when it is made."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from turnloom.server.api.access import Administering
from turnloom.server.api.errors import ApiError
from turnloom.server.api.state import Given
from turnloom.server.auth.grant import Grant

router = APIRouter(prefix="/api/v1", tags=["Keys"])


class KeyRequest(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    project: str | None = None
    """Project id; that of the credentials when left out."""
    kind: str = "write"
    note: str = ""


@router.get("/keys", summary="Keys of a project, without secrets")
def list_keys(given: Given, grant: Administering) -> dict[str, list[dict[str, Any]]]:
    """List keys, revoked ones too; this machine's own requests see those of all projects."""
    return {"data": [_shown(asdict(each)) for each in given.keyring.all_keys() if _may(grant, each.project)]}


@router.post("/keys", status_code=201, summary="Make a key")
def create_key(given: Given, grant: Administering, asked: KeyRequest) -> dict[str, str]:
    """Make a key; the answer is the only place where its secret stands."""
    project = asked.project or grant.project
    if not _may(grant, project):
        raise ApiError(403, f"project is {project[:80]!r}; this key administers {grant.project!r} only")
    made = given.keyring.create(project, asked.kind, asked.note)
    return {"public": made.public, "secret": made.secret, "project": project, "kind": asked.kind}


@router.delete("/keys", summary="Revoke a key")
def revoke_key(given: Given, grant: Administering, public: str) -> dict[str, str]:
    """Revoke a key; in force when the answer is sent."""
    owner = next((each.project for each in given.keyring.all_keys() if each.public == public), None)
    if owner is None or not _may(grant, owner) or not given.keyring.revoke(public):
        raise ApiError(404, f"no live key is named {public[:80]!r}; GET /api/v1/keys lists them")
    return {"revoked": public}


def _may(grant: Grant, project: str) -> bool:
    return grant.public is None or grant.project == project


def _shown(key: dict[str, Any]) -> dict[str, Any]:
    del key["secret_sha256"]
    return key
