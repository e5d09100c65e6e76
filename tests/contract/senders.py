"""Runs the foreign clients: each is a uv project of its own, with a script that sends."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]

RUN_S = 100
"""Setting an environment up takes seconds, once; the script itself less than five."""


def send(project: str, **variables: str) -> dict[str, Any]:
    """Run the script `sender.py` of a project in its own environment; what it says it sent."""
    folder = HERE / project
    ran = subprocess.run(
        [uv(), "run", "--frozen", "--quiet", "--project", str(folder), "python", str(folder / "sender.py")],
        capture_output=True,
        text=True,
        env=_environment() | variables,
        timeout=RUN_S,
        check=False,
    )
    assert ran.returncode == 0, f"the sender {project} failed:\n{ran.stdout}\n{ran.stderr}"
    return json.loads(ran.stdout.splitlines()[-1])


def uv() -> str:
    """Where uv is, as the Makefile finds it."""
    found = shutil.which("uv") or str(CHECKOUT / ".uv" / "bin" / "uv")
    assert Path(found).exists(), f"uv is neither on the PATH nor at {found}; `make test` installs it"
    return found


def _environment() -> dict[str, str]:
    """This process's variables without what belongs to its own environment or configures a client."""
    foreign = ("TURNLOOM_", "LANGFUSE_", "OTEL_", "VIRTUAL_ENV", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
