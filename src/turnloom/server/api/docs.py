"""The API's description at `/docs`: Swagger UI from an installed package, nothing from elsewhere.

FastAPI's own page loads its files from a CDN and starts with an inline script; neither happens on
a machine without Internet and under a content security policy.
"""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from turnloom.server.api.errors import ApiError

router = APIRouter(include_in_schema=False)

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
"""Files of the package `fastapi-offline` that the page needs, and their types."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Turnloom API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"><p>The description itself: <a href="openapi.json">openapi.json</a></p></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null
});
"""


@router.get("/")
def get_root() -> RedirectResponse:
    """Where somebody lands who opens the printed address."""
    return RedirectResponse("docs")


@router.get("/docs")
def get_docs() -> HTMLResponse:
    """The page; its addresses are relative, so that it works behind a prefix."""
    return HTMLResponse(PAGE)


@router.get("/docs/start.js")
def get_start() -> Response:
    """The script that starts it."""
    return Response(START, media_type="text/javascript")


@router.get("/docs/{name}")
def get_asset(name: str) -> Response:
    """A file of Swagger UI."""
    if name not in ASSETS:
        raise ApiError(404, f"the page has no file {name[:60]!r}")
    return Response(_asset(name), media_type=ASSETS[name], headers={"Cache-Control": "max-age=86400"})


@cache
def _asset(name: str) -> bytes:
    try:
        return (files("fastapi_offline") / "static" / name).read_bytes()
    except ModuleNotFoundError as error:
        message = "the page needs the package fastapi-offline: pip install 'turnloom[server]'"
        raise ApiError(503, message) from error
