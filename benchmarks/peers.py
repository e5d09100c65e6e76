"""The same workload on what users pick instead, each from the package index in an environment of its own."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.feed import Feed
from benchmarks.latency import Reader, measure
from benchmarks.load import Load, percentile
from benchmarks.program import Program, free_port
from benchmarks.report import Line, columns, show
from benchmarks.workload import Workload

PEER_SPANS_MAX = 10_000
"""Phoenix stores some 150 spans a second; more would take hours."""

STORED_S_MAX = 900.0

SETTLE_S = 15.0
"""Rest after the start: what a server still loads then is no cost of a span."""

LINES = (
    Line("installed_mb", "installed", "MB"),
    Line("ready_s", "start to ready", "s"),
    Line("cpu_us", "server CPU a span until stored", "µs"),
    Line("spans_per_s", "spans a second until stored", "/s"),
    Line("list_started_at_ms", "newest sessions, p50", "ms"),
    Line("busy_rss_mb", "resident memory at the end of the load", "MB"),
    Line("disk_bytes", "disk a span", "B"),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """How to install, start and read another server."""

    name: str
    package: str
    command: Callable[[Path, int], list[str]]
    """Command line by folder and port; the first word is a script of the package."""
    environment: Callable[[Path, int], dict[str, str]]
    ready_path: str
    database: str
    """Its SQLite file, in the folder."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    sessions_path: str | None = None
    """Its newest sessions, where one request gives them."""


PEERS = (
    Peer(
        "Phoenix",
        "arize-phoenix",
        lambda _folder, _port: ["phoenix", "serve"],
        lambda folder, port: {
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(port),
            "PHOENIX_GRPC_PORT": str(free_port()),
            "PHOENIX_WORKING_DIR": str(folder),
            "PHOENIX_TELEMETRY_ENABLED": "false",
        },
        "/healthz",
        "phoenix.db",
        sessions_path="/v1/projects/bench/sessions?limit=20&order=desc",
    ),
    Peer(
        "MLflow",
        "mlflow",
        lambda folder, port: [
            "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
            "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
        ],
        lambda _folder, _port: {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
        "/health",
        "mlflow.db",
        headers={"x-mlflow-experiment-id": "0"},
    ),
)  # fmt: skip


def compare(
    spans: int, shape: str, folder: Path, ours: Mapping[str, float], say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Measure every peer, and print what they need beside what Turnloom needed.

    Args:
        spans: Spans that Turnloom got.
        shape: Their shape.
        folder: Where to install and to run.
        ours: Turnloom's figures.
        say: Tells what goes on.

    Returns:
        Figures by peer.
    """
    spans = min(spans, PEER_SPANS_MAX)
    feed = Feed(Workload(spans, shape, seed=9, start_ns=time.time_ns() - 2 * 86_400 * 10**9), folder)
    feed.prepare()
    measured: dict[str, dict[str, float]] = {}
    for peer in PEERS:
        say(f"installing {peer.name}, and sending it {spans:,} spans")
        home = folder / peer.name.lower()
        home.mkdir(exist_ok=True)
        measured[peer.name] = _measure(peer, feed, home)
    print(f"\nothers, {spans:,} spans of shape {shape}; in brackets: times Turnloom\n")
    print(_table(ours, measured))
    return measured


def _measure(peer: Peer, feed: Feed, home: Path) -> dict[str, float]:
    scripts = _install(peer, home / "environment")
    data = home / "data"
    data.mkdir(exist_ok=True)
    port = free_port()
    script, *arguments = peer.command(data, port)
    program = Program(
        [str(scripts / script), *arguments],
        data,
        f"http://127.0.0.1:{port}",
        peer.ready_path,
        {**peer.environment(data, port), "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
    )
    measured = {"installed_mb": _size_bytes(home / "environment") / 1e6, "ready_s": program.start()}
    time.sleep(SETTLE_S)
    try:
        before = program.usage()
        load = feed.send(f"{program.url}/v1/traces", peer.headers)
        stored_s = _wait_stored(data / peer.database, load)
        used = program.usage()
        measured["cpu_us"] = 1e6 * (used.cpu_s - before.cpu_s) / load.spans
        measured["spans_per_s"] = load.spans / (stored_s - load.started_s)
        measured["busy_rss_mb"] = used.rss_bytes / 1e6
        measured["disk_bytes"] = program.disk_bytes() / load.spans
        if path := peer.sessions_path:
            reader = Reader(program.url)
            measured["list_started_at_ms"] = percentile(measure(lambda: reader.get(path), 10), 50)
    finally:
        program.stop()
    return measured


def _install(peer: Peer, environment: Path) -> Path:
    """Install a package; the folder of its scripts."""
    uv = shutil.which("uv") or str(Path(".uv/bin/uv").resolve())
    if not (environment / "bin" / "python").exists():
        subprocess.run([uv, "venv", "--quiet", "--python", "3.11", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, peer.package], check=True)
    return environment / "bin"


def _wait_stored(database: Path, load: Load) -> float:
    """Wait until every span is in the database; when (Unix time) that was."""
    count = 0
    while time.time() - load.ended_s < STORED_S_MAX:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
            count = connection.execute("SELECT count(*) FROM spans").fetchone()[0]
        if count >= load.spans:
            return time.time()
        time.sleep(0.25)
    raise BenchmarkError(
        f"{count:,} of {load.spans:,} spans are in {database.name} after {STORED_S_MAX:.0f} s"
    )


def _size_bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _table(ours: Mapping[str, float], measured: Mapping[str, Mapping[str, float]]) -> str:
    rows = [["", "Turnloom", *measured]]
    for line in LINES:
        row = [f"{line.text}, {line.unit}", show(ours[line.key]) if line.key in ours else "-"]
        rows.append([*row, *(_cell(line.key, ours, theirs) for theirs in measured.values())])
    return columns(rows)


def _cell(key: str, ours: Mapping[str, float], theirs: Mapping[str, float]) -> str:
    if key not in theirs:
        return "-"
    ratio = f" ({theirs[key] / ours[key]:.2g} x)" if ours.get(key) else ""
    return f"{show(theirs[key])}{ratio}"
