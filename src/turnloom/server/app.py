"""Composition root: makes the services, starts them in order, and stops them in reverse."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from turnloom.server.api import errors, health, otlp, sessions
from turnloom.server.api.state import Services
from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.intake import Intake
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.settings import Settings
from turnloom.server.store.engine import Engine
from turnloom.server.store.lock import hold_folder
from turnloom.server.store.schema import migrate
from turnloom.server.store.versions import largest_version


def create_app(settings: Settings) -> FastAPI:
    """The application; its services live as long as its lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with hold_folder(settings.data, f"process of http://{settings.host}:{settings.port}"):
            engine = Engine(settings.events) if settings.events else Engine.open_embedded(settings.data / "events")
            migrate(engine)
            given = make_services(settings, engine)
            app.state.services = given
            given.digester.start(largest_version(engine))
            given.intake.start()
            yield
            given.intake.stop()
            given.digester.stop()
            engine.close()

    app = FastAPI(
        title="Turnloom", version=version("turnloom"), lifespan=lifespan, docs_url="/docs", redoc_url=None
    )
    errors.install(app)
    for module in (otlp, health, sessions):
        app.include_router(module.router)
    return app


def make_services(settings: Settings, engine: Engine) -> Services:
    """Make the services, started by nobody yet."""
    quarantine = Quarantine(settings.data / "quarantine")
    digester = Digester(engine, settings, quarantine)
    return Services(settings, engine, Intake(settings, digester), digester, quarantine)
