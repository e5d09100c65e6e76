"""The services that routes use; the composition root makes them."""

from dataclasses import dataclass

from fastapi import Request

from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.intake import Intake
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.settings import Settings
from turnloom.server.store.engine import Engine


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request may need."""

    settings: Settings
    engine: Engine
    intake: Intake
    digester: Digester
    quarantine: Quarantine


def services(request: Request) -> Services:
    """The services of the application that serves a request."""
    return request.app.state.services
