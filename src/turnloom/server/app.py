"""Composition root: makes the services, starts them in order, and stops them in reverse."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from turnloom.server.api import (
    conversations,
    docs,
    errors,
    exchange,
    health,
    keys,
    metrics,
    otlp,
    projects,
    quarantine,
    scores,
    sessions,
    traces,
)
from turnloom.server.api.state import Services
from turnloom.server.auth.border import Border
from turnloom.server.auth.grant import Gatekeeper
from turnloom.server.auth.key_file import ServerSecret, open_key_file
from turnloom.server.auth.keyring import Keyring
from turnloom.server.auth.origin import allowed_names
from turnloom.server.auth.safe_start import check_start
from turnloom.server.close.clock import CloseStage
from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.intake import Intake
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.settings import Settings, is_loopback
from turnloom.server.store.control import Control
from turnloom.server.store.engine import Engine
from turnloom.server.store.lock import hold_folder
from turnloom.server.store.schema import migrate
from turnloom.server.store.versions import largest_version

ROUTERS = (
    otlp,
    scores,
    projects,
    health,
    metrics,
    quarantine,
    keys,
    exchange,
    sessions,
    conversations,
    traces,
    docs,
)

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI traces every request with the process's tracer provider: one that sends to this server
would have each of its requests traced, and that trace sent, without end."""

WRITE_USES_EVERY_S = 30.0
"""How often the last use of keys is written."""


def create_app(settings: Settings) -> FastAPI:
    """The application; its services live as long as its lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        try:
            with (
                hold_folder(settings.data, f"http://{settings.host}:{settings.port}"),
                open_services(settings) as given,
            ):
                app.state.services = given
                async with _running(given):
                    yield
        except BaseException as error:
            app.state.failure = error  # the server that runs the application tells it
            raise

    app = FastAPI(
        title="Turnloom",
        version=version("turnloom"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
    )
    errors.install(app)
    app.add_middleware(Border, names=allowed_names(settings.host, settings.allowed_hosts))
    for module in ROUTERS:
        app.include_router(module.router)
    return app


@asynccontextmanager
async def _running(given: Services) -> AsyncGenerator[None]:
    """Take requests and digest them; at the end what was taken is digested, and nothing is lost."""
    given.digester.start(largest_version(given.engine))
    given.intake.start()
    close = CloseStage(given.engine, given.digester.touch, given.settings.close_every_s)
    close.start()
    uses = asyncio.create_task(_write_uses(given.keyring))
    yield
    uses.cancel()
    close.stop()
    given.intake.stop()
    given.digester.stop()
    given.keyring.write_uses()


@contextmanager
def open_services(settings: Settings) -> Generator[Services]:
    """Open the databases of the data folder and make the services, started by nobody yet."""
    secret = open_key_file(settings.data)
    control = Control(settings.control) if settings.control else Control.open_folder(settings.data)
    try:
        keyring = Keyring(control)
        check_start(settings, keyring)
        engine = (
            Engine(settings.events) if settings.events else Engine.open_embedded(settings.data / "events")
        )
        try:
            migrate(engine)
            yield make_services(settings, engine, control, keyring, secret)
        finally:
            engine.close()
    finally:
        control.close()


def make_services(
    settings: Settings, engine: Engine, control: Control, keyring: Keyring, secret: ServerSecret
) -> Services:
    """Make the services."""
    quarantine = Quarantine(settings.data / "quarantine")
    digester = Digester(engine, settings, quarantine)
    gatekeeper = Gatekeeper(keyring, loopback=is_loopback(settings.host), anonymous=settings.anonymous)
    intake = Intake(settings, digester)
    return Services(settings, engine, intake, digester, quarantine, control, keyring, gatekeeper, secret)


async def _write_uses(keyring: Keyring) -> None:
    while True:
        await asyncio.sleep(WRITE_USES_EVERY_S)
        await asyncio.to_thread(keyring.write_uses)
