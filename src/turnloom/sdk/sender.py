"""POSTs bodies to one URL: with a time limit, retries with back-off, and one warning.

OpenTelemetry's own HTTP exporter logs each failed batch and reads the process's OTLP settings; a
client that has several targets, and must be quiet when one is down, needs its own.
"""

import gzip
import ipaddress
import random
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from urllib.parse import urlsplit

from turnloom.sdk.border import logger

TIMEOUT_S = 10.0
"""Seconds for one request: OpenTelemetry's default."""

ATTEMPTS_MAX = 5
"""Requests for one body: with waits of 1, 2, 4 and 8 s it is kept for about 15 s."""

BACKOFF_MAX_S = 30.0
"""Longest wait between two attempts, also when the server asks for more."""

GZIP_MIN_BYTES = 1_024
"""Smaller bodies are not worth compressing."""

RETRIED_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


class Sender:
    """Sends to one URL.

    Args:
        name: Name of the target, for messages.
        url: Where to.
        headers: Sent with each request.
        timeout_s: Seconds for one request.
    """

    def __init__(self, name: str, url: str, headers: Mapping[str, str], timeout_s: float = TIMEOUT_S) -> None:
        self._name = name
        self._url = url
        self._headers = dict(headers)
        self._timeout_s = timeout_s
        self._abandoned = False
        self._down = False
        self._opener = _opener(url)
        self.reset()

    def reset(self) -> None:
        """New locks, as a forked child needs them."""
        self._stopping = threading.Event()

    def send(self, body: bytes, content_type: str) -> bool:
        """Send a body, again if the failure may pass.

        Args:
            body: What to send.
            content_type: Its media type.

        Returns:
            Whether the server took it.
        """
        request = self._request(body, content_type)
        for attempt in range(ATTEMPTS_MAX):
            if self._abandoned:
                return False
            failure, wait_s = self._try(request, attempt)
            if failure is None:
                self._report_up()
                return True
            self._report_down(failure)
            if wait_s is None or self._stopping.is_set() or attempt + 1 == ATTEMPTS_MAX:
                return False
            self._stopping.wait(wait_s)
        return False

    def stop(self) -> None:
        """Retry no more and wait no more; what is sent from now on is tried once."""
        self._stopping.set()

    def abandon(self) -> None:
        """Send nothing any more."""
        self._stopping.set()
        self._abandoned = True

    def _request(self, body: bytes, content_type: str) -> urllib.request.Request:
        headers = {**self._headers, "Content-Type": content_type, "User-Agent": "turnloom-python"}
        if len(body) >= GZIP_MIN_BYTES:
            body = gzip.compress(body, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        return urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310 - settings allow http and https only

    def _try(self, request: urllib.request.Request, attempt: int) -> tuple[str | None, float | None]:
        """One request: what went wrong if anything, and after how many seconds it may be tried again."""
        wait_s = min(BACKOFF_MAX_S, 2.0**attempt) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                response.read()
        except urllib.error.HTTPError as error:
            with error:
                asked = _seconds(error.headers.get("Retry-After"))
            retried = error.code in RETRIED_STATUS
            return f"HTTP {error.code}", (asked if asked is not None else wait_s) if retried else None
        except (OSError, HTTPException) as error:
            return str(getattr(error, "reason", error)) or type(error).__name__, wait_s
        return None, None

    def _report_down(self, failure: str) -> None:
        if not self._down:
            self._down = True
            logger.warning(
                "turnloom: %s does not take data at %s (%s); retrying quietly", self._name, self._url, failure
            )

    def _report_up(self) -> None:
        if self._down:
            self._down = False
            logger.info("turnloom: %s takes data again", self._name)


def _seconds(text: str | None) -> float | None:
    """A Retry-After header in seconds; a date is not understood."""
    return min(float(text), BACKOFF_MAX_S) if text is not None and text.strip().isdigit() else None


def _opener(url: str) -> urllib.request.OpenerDirector:
    """An opener that uses the environment's proxies, but never for this machine itself."""
    if _is_loopback(urlsplit(url).hostname or ""):
        return urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
