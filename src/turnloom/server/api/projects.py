"""The project of a key, in Langfuse's shape: its SDKs check their credentials with it."""

from typing import Any

from fastapi import APIRouter

from turnloom.server.api.access import Knowing
from turnloom.server.api.state import Given

router = APIRouter(tags=["Projects"])

ORGANIZATION = {"id": "turnloom", "name": "Turnloom"}
"""Langfuse's clients require one; there is one for each server."""


@router.get("/api/public/projects", summary="The project of a key")
def get_projects(given: Given, grant: Knowing) -> dict[str, list[dict[str, Any]]]:
    """Answer with the project of the credentials."""
    names = {each.id: each.name for each in given.keyring.projects()}
    project: dict[str, Any] = {"id": grant.project, "name": names.get(grant.project, grant.project)}
    return {"data": [{**project, "metadata": {}, "organization": ORGANIZATION}]}
