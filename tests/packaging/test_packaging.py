"""The wheel on a clean machine: the client alone is small, and what it lacks it says in one line."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CLIENT_BYTES_MAX = 20 * 1024 * 1024

UV = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
"""`make` puts it there when the machine has none."""

CLIENT_PACKAGES = {"opentelemetry", "google", "typing_extensions"}
"""What importing, starting and ending the client may load besides the standard library and itself."""

SEND_NOTHING = """
import json, sys
before = set(sys.modules)  # Debian's Python has a sitecustomize
import turnloom
turnloom.init(service="packaging", endpoint="http://127.0.0.1:9", to_langfuse=False)
with turnloom.session("s"), turnloom.turn("hello") as turn:
    turn.record(output="hi")
tops = {name.partition(".")[0] for name in set(sys.modules) - before}
json.dump(sorted(tops - set(sys.stdlib_module_names)), sys.stdout)
sys.stdout.flush()
import os
os._exit(0)  # nobody listens: do not wait for it
"""


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TURNLOOM_", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env=kept | variables, cwd="/"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    done = _run(UV, "build", "--quiet", "--out-dir", str(folder), str(ROOT))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def clean(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, without extras."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    for command in (
        ("venv", "--quiet", "--python", sys.executable, str(folder)),
        ("pip", "install", "--quiet", "--python", str(folder), str(next(built.glob("*.whl")))),
    ):
        done = _run(UV, *command)
        assert done.returncode == 0, done.stderr
    return folder


def test_the_wheel_holds_the_package_and_its_data(built: Path) -> None:
    """SQL files, the typing mark and the licence; no tests."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    sql = [path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.sql")]
    assert set(names) >= {*sql, "turnloom/py.typed", "turnloom/demo/samples.py"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"turnloom"}


def test_the_sdist_can_be_built_from(built: Path) -> None:
    """It has the source and the documents, and nothing of this machine."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "src/turnloom/__init__.py"} <= names
    assert not [name for name in names if name.startswith((".venv", ".uv", ".git/"))]


def test_the_client_is_small(clean: Path) -> None:
    """With all that it needs."""
    sizes = [path.stat().st_size for path in clean.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(sizes) <= CLIENT_BYTES_MAX


def test_the_client_loads_opentelemetry_and_nothing_else(clean: Path) -> None:
    """Beside the standard library."""
    done = _run(str(clean / "bin" / "python"), "-c", SEND_NOTHING)
    assert done.returncode == 0, done.stderr
    loaded = {name for name in json.loads(done.stdout) if not name.startswith("__")}
    assert loaded - CLIENT_PACKAGES == {"turnloom"}


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_command_of_the_server_says_what_it_lacks(clean: Path, command: str) -> None:
    """In one line."""
    done = _run(str(clean / "bin" / "turnloom"), command)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.endswith("which is not installed: pip install 'turnloom[server]'\n")


def test_help_works_without_the_server(clean: Path) -> None:
    """And names its commands and how to get them."""
    done = _run(str(clean / "bin" / "turnloom"), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "pip install 'turnloom[server]'" in done.stdout
    assert "serve" in done.stdout
