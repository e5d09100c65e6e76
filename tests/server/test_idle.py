"""An idle server is small, quiet and awake in time."""

import time
from pathlib import Path

import psutil
from serving import serving, wait_for
from wire import request, span

RSS_MAX_BYTES = 450 * 1024 * 1024
"""Of all its processes; about 390 MB are usual, 220 of them the engine's code."""

QUIET_S = 4.0

CPU_MAX_S = 0.2
"""Of so many seconds; about 0.5 % are usual."""


def test_an_idle_server_is_small_and_comes_back(tmp_path: Path) -> None:
    """The digest process is gone, memory is given back, the CPU is quiet; then it digests again."""
    with serving(tmp_path / "data", TURNLOOM_DIGEST_IDLE_S="1") as server:
        main = psutil.Process(server.process.pid)
        for number in range(20):
            body = request(*[span(f"s-{number}") for _ in range(100)])
            assert server.post("/v1/traces", body).status == 200
        server.wait_exported("s-19", 100)
        wait_for(lambda: not main.children(), "no digest process")
        wait_for(lambda: main.memory_info().rss < RSS_MAX_BYTES, "a small process", 30)
        assert _quiet(main)
        assert sorted(each.name for each in (tmp_path / "data" / "inserts").iterdir()) == []
        assert server.post("/v1/traces", request(span("later"))).status == 200
        server.wait_exported("later")


def _quiet(process: psutil.Process) -> bool:
    """Whether a process that has just finished its work uses no time, within some tries."""
    for _ in range(5):
        before_s = _cpu_s(process)
        time.sleep(QUIET_S)
        if _cpu_s(process) - before_s < CPU_MAX_S:
            return True
    return False


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
