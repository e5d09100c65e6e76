"""The API describes itself, completely and without anything from elsewhere."""

import re
from collections.abc import Iterator

import pytest
from analytics.stored import source

from turnloom.server.store.engine import Engine

from .served import Client, serve


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    """The routes on an empty store."""
    with serve(source(engine)) as client:
        yield client


def test_the_page_is_self_contained(client: Client) -> None:
    """No address of another host, and no script in the page."""
    page = client.get("/docs").body.decode()
    assert re.findall(r"https?:", page) == []
    assert re.findall(r"<script(?! src=)", page) == []
    assert client.get("/docs/start.js").content_type.startswith("text/javascript")
    assert client.get("/docs/../secret").status == 404


def test_the_files_of_the_page_are_served(client: Client) -> None:
    """They come from a package."""
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        answer = client.get(f"/docs/{name}")
        assert (answer.status, len(answer.body) > 100_000) == (200, True)


def test_every_route_that_reads_is_described(client: Client) -> None:
    """Each has a summary, a description, and the shape of its answer; each parameter says what it is."""
    paths = client.get("/openapi.json").json["paths"]
    for path, methods in paths.items():
        read = methods["get"]
        assert read["summary"], path
        assert read["description"], path
        assert "$ref" in read["responses"]["200"]["content"]["application/json"]["schema"], path
        assert re.findall(r"{(\w+)}", path) == [
            each["name"] for each in read["parameters"] if each["in"] == "path"
        ]
        for parameter in read["parameters"]:
            assert parameter.get("description"), (path, parameter["name"])
