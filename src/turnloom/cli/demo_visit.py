"""What the demo does beside its server: people visit, and the list of their sessions is printed."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from turnloom.cli.connection import DEFAULT_URL, Connection
from turnloom.cli.errors import CommandError
from turnloom.cli.output import note, print_json
from turnloom.cli.own_command import own_command
from turnloom.cli.sessions import print_sessions
from turnloom.demo.data_folder import DEFAULT_FOLDER, note_sent
from turnloom.demo.expected import incomplete
from turnloom.demo.people import People
from turnloom.demo.samples import SAMPLES
from turnloom.server.settings import Settings

VISIBLE_S = 20.0
"""How long the demo waits for its samples to be listed; the server promises 2 s."""

POLL_S = 0.1

LISTED_MAX = 50

FLUSHED_S = 15.0


class DemoVisit:
    """The guest of the demo's server.

    Args:
        settings: The server's settings.
        is_new: Whether the samples have to be sent.
        once: Whether everything ends after the list.
        as_json: Whether the list is JSON.
    """

    def __init__(self, settings: Settings, *, is_new: bool, once: bool, as_json: bool) -> None:
        self.failure: CommandError | None = None
        self._url = f"http://{settings.host}:{settings.port}"
        self._folder = settings.data
        self._is_new = is_new
        self._once = once
        self._as_json = as_json
        self._server = Connection(self._url)
        self._people = People(self._url)
        self._thread: threading.Thread | None = None

    def announce(self) -> None:
        """Say where the demo is going to be, before anything that takes time."""
        what = "starting, sending sample conversations" if self._is_new else "starting"
        note(f"Turnloom demo: {self._url} ({what} ...)")

    def started(self, url: str, stop: Callable[[], None]) -> None:  # noqa: ARG002 (it is the one announced)
        """Send people in, beside the server's loop."""
        self._thread = threading.Thread(target=self._visit, args=[stop], name="demo", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Let them finish their sentence, and send it."""
        self._people.leave()
        if self._thread is not None:
            self._thread.join(FLUSHED_S)

    def _visit(self, stop: Callable[[], None]) -> None:
        try:
            self._people.arrive()
            if self._is_new:
                self._people.play_samples()
                self._wait_until_listed()
                note_sent(self._folder)
            self._print()
            if not self._once:
                self._people.live(_tell)
        except CommandError as error:
            self.failure = error
        finally:
            stop()

    def _wait_until_listed(self) -> None:
        deadline_s = time.monotonic() + VISIBLE_S
        while missing := incomplete(self._sessions()):
            if time.monotonic() > deadline_s:
                raise CommandError(
                    f"after {VISIBLE_S:.0f} s these samples are not complete: {', '.join(missing)}"
                )
            time.sleep(POLL_S)

    def _sessions(self) -> list[dict[str, Any]]:
        return self._server.get("/api/v1/sessions", {"limit": LISTED_MAX})["data"]

    def _print(self) -> None:
        sessions = self._sessions()
        if self._as_json:
            details = [
                self._server.get(f"/api/v1/sessions/{quote(each['id'], safe='')}") for each in sessions
            ]
            print_json({"url": self._url, "sessions": details})
        else:
            print_sessions(sessions)
            sys.stdout.write(f"\n{self._hints()}\nTurnloom demo: {self._url}\n")
        sys.stdout.flush()

    def _hints(self) -> str:
        command = own_command()
        lines = [
            ("one of them", f"{command} show {SAMPLES[0].id}{self._url_option()}"),
            ("the API", f"{self._url}/docs"),
            ("your own spans", f"OTEL_EXPORTER_OTLP_ENDPOINT={self._url}"),
            ("data", f"{self._folder} (remove: {command} demo --clear{self._data_option()})"),
        ]
        if not self._once:
            lines.append(("end", "Ctrl-C; until then people keep coming"))
        return "\n".join(f"  {title:<15} {text}" for title, text in lines)

    def _url_option(self) -> str:
        return "" if self._url == DEFAULT_URL else f" --url {self._url}"

    def _data_option(self) -> str:
        return "" if self._folder == DEFAULT_FOLDER else f" --data {self._folder}"


def _tell(session_id: str, user: str | None) -> None:
    note(f"{time.strftime('%H:%M:%S')}  {user or 'somebody'} starts {session_id}")
