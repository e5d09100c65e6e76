"""The services that routes use; the composition root makes them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from turnloom.server.auth.grant import Gatekeeper
from turnloom.server.auth.key_file import ServerSecret
from turnloom.server.auth.keyring import Keyring
from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.intake import Intake
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.settings import Settings
from turnloom.server.store.control import Control
from turnloom.server.store.engine import Engine


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request may need."""

    settings: Settings
    engine: Engine
    intake: Intake
    digester: Digester
    quarantine: Quarantine
    control: Control
    keyring: Keyring
    gatekeeper: Gatekeeper
    secret: ServerSecret


async def services(request: Request) -> Services:
    """The services of the application that serves a request."""
    return request.app.state.services


Given = Annotated[Services, Depends(services)]
"""The services, as a parameter of a route."""
