"""What is printed in the documents runs as it is printed, against a real server."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from serving import Reply, Serving, clean_environment, turnloom, wait_for

ROOT = Path(__file__).parents[2]

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")

PRINTED_URL = "http://127.0.0.1:4318"

ROOT_PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md")

PAGES = [ROOT / name for name in ROOT_PAGES] + sorted((ROOT / "docs").glob("*.md"))


def _code(page: str, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall((ROOT / page).read_text()) if kind == language]


def _run(code: str, server: Serving, folder: Path) -> str:
    script = folder / "first.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env=clean_environment(TURNLOOM_ENDPOINT=server.url),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _session(server: Serving, session_id: str, turns: int) -> dict[str, Any]:
    def reply() -> Reply:
        return server.get(f"/api/v1/sessions/{quote(session_id)}")

    wait_for(lambda: reply().status == 200 and reply().json()["turns_count"] == turns, session_id)
    wait_for(lambda: all(turn["latency_ms"] is not None for turn in reply().json()["turns"]), session_id)
    return reply().json()


def test_the_example_of_the_readme(server: Serving, tmp_path: Path) -> None:
    """Twelve lines at most; the session is there with its user hashed and its cost known."""
    (code,) = _code("README.md", "python")
    assert len(code.splitlines()) <= 12
    _run(code, server, tmp_path)
    session = _session(server, "s-81", 1)
    (turn,) = session["turns"]
    assert (turn["input"], turn["output"]) == ("Where is my invoice?", "It was sent on May 2.")
    assert float(session["cost_usd"]) > 0
    assert session["user_ids"][0].startswith("u1_")


def test_the_tutorial(server: Serving, tmp_path: Path) -> None:
    """From its first to its last block; then its commands."""
    *blocks, last = _code("docs/tutorial.md", "python")
    _run("\n".join(blocks), server, tmp_path)
    _session(server, "tutorial-1", 3)
    failed = _session(server, "tutorial-2", 2)
    assert [turn["status"] for turn in failed["turns"]] == ["ok", "timeout"]
    assert failed["tool_calls"] == 2
    assert [turn["number"] for turn in _session(server, "tutorial-tuesday", 1)["turns"]] == [2]
    wait_for(lambda: _session(server, "tutorial-1", 3)["satisfaction"] == 1.0, "the feedback")
    assert "3 turns, 0.0" in _run(last.replace(PRINTED_URL, server.url), server, tmp_path)
    _run_commands("docs/tutorial.md", server)


def _run_commands(page: str, server: Serving) -> None:
    lines = [line for code in _code(page, "sh") for line in code.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("turnloom ")]
    assert commands
    for command in commands:
        done = turnloom(*command, TURNLOOM_ENDPOINT=server.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert "tutorial-" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each to a file of this repository, or outside."""
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_the_index_links_every_page() -> None:
    """Of the documentation, and the documents beside it."""
    index = (ROOT / "docs" / "index.md").read_text()
    assert not [
        page.name for page in PAGES if page.name not in index and page.name not in {"index.md", "README.md"}
    ]
