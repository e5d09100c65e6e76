"""Requests to a running server: chDB allows one process per folder, so commands ask that process."""

import base64
import json
import os
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from turnloom.cli.errors import CommandError

DEFAULT_URL = "http://127.0.0.1:4318"

TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes

    def json(self) -> dict[str, Any]:
        """Its body as a JSON object; an empty one when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


class Connection:
    """Asks one server, with the credentials of `TURNLOOM_PUBLIC_KEY` and `TURNLOOM_SECRET_KEY`.

    Args:
        url: Its address; None for the one on this machine.

    Raises:
        CommandError: The address is no URL.
    """

    def __init__(self, url: str | None) -> None:
        self.url = (url or DEFAULT_URL).rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CommandError(f"the address is {self.url!r}; expected a URL such as {DEFAULT_URL}")
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        proxies = urllib.request.ProxyHandler({}) if local else urllib.request.ProxyHandler()
        self._opener = urllib.request.build_opener(proxies)

    def get(self, path: str, parameters: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Ask for JSON.

        Raises:
            CommandError: No server answers, or it refuses.
        """
        return self.request("GET", path, parameters).json()

    def request(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, object] | None = None,
        body: bytes | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """Send a request; see `get`."""
        answer = self.send(method, path, parameters, body, content_type)
        if answer.status >= 400:
            raise CommandError(_refusal(answer))
        return answer

    def send(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, object] | None = None,
        body: bytes | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """Send a request and return the answer, refusals too.

        Raises:
            CommandError: No server answers.
        """
        with self._open(method, path, parameters, body, content_type) as response:
            return _answer(response)

    @contextmanager
    def stream(
        self, path: str, parameters: Mapping[str, object]
    ) -> Generator[tuple[dict[str, str], Iterator[bytes]]]:
        """Ask for lines: headers, and the lines as they come.

        Raises:
            CommandError: No server answers, it refuses, or the answer ends too early.
        """
        with self._open("GET", path, parameters, None, "") as response:
            if response.status >= 400:
                raise CommandError(_refusal(_answer(response)))
            yield _headers(response), iter(response)

    @contextmanager
    def _open(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, object] | None,
        body: bytes | None,
        content_type: str,
    ) -> Generator[HTTPResponse]:
        given = {name: value for name, value in (parameters or {}).items() if value not in {None, ""}}
        query = f"?{urlencode(given)}" if given else ""
        request = urllib.request.Request(self.url + path + query, body, _credentials(), method=method)  # noqa: S310 (http and https only)
        request.add_header("User-Agent", "turnloom-cli")
        if body is not None:
            request.add_header("Content-Type", content_type)
        try:
            with self._response(request) as response:
                yield response
        except (OSError, HTTPException) as error:
            raise CommandError(self._silence(error)) from error

    def _response(self, request: urllib.request.Request) -> HTTPResponse:
        try:
            return self._opener.open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            return cast("HTTPResponse", error)  # it is read in the same way

    def _silence(self, error: OSError | HTTPException) -> str:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, ConnectionRefusedError):
            return (
                f"no server answers at {self.url}. Start one with `turnloom serve`, "
                "or name it with --url or TURNLOOM_ENDPOINT"
            )
        return f"the connection to {self.url} failed: {reason or type(reason).__name__}"


def _answer(response: HTTPResponse) -> Answer:
    return Answer(response.status, _headers(response), response.read())


def _headers(response: HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _credentials() -> dict[str, str]:
    public, secret = os.environ.get("TURNLOOM_PUBLIC_KEY"), os.environ.get("TURNLOOM_SECRET_KEY")
    if not secret:
        return {}
    if not public:
        return {"Authorization": f"Bearer {secret}"}
    return {"Authorization": "Basic " + base64.b64encode(f"{public}:{secret}".encode()).decode()}


def _refusal(answer: Answer) -> str:
    message = answer.json().get("message")
    if answer.status == 401:
        return f"the server wants credentials: {message}; set TURNLOOM_PUBLIC_KEY and TURNLOOM_SECRET_KEY"
    return f"the server answered {answer.status}: {message or answer.body[:200].decode(errors='replace')}"
