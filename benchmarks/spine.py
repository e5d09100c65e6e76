"""The whole way of a span, from the socket to the page: `make bench`.

Starts `turnloom serve` on a folder of its own, sends it a workload from a pinned load client, reads
pages meanwhile and afterwards, and prints what was wanted beside what was measured.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.feed import Feed
from benchmarks.latency import NEWEST, PATH, Beside, Freshness, Reader, measure
from benchmarks.load import percentile
from benchmarks.peers import compare
from benchmarks.report import Line, as_json, machine, table
from benchmarks.server import Turnloom
from benchmarks.turns import SHAPES
from benchmarks.workload import SECOND, SESSION_EVERY_S, Workload

READS = 20
"""How often each page of the loaded store is read."""

SHARE_UNDER_LOAD = 5
"""One in so many spans is sent again, twice, while pages are read."""

SPANS_UNDER_LOAD_MIN = 40_000

SORTS = ("started_at", "tokens", "cost_usd", "turn_latency_p95_ms")

FILTER = "turns >= 5 and errors > 0"
SEARCH = '"zuvo" in any_input'

LINES = (
    Line("ready_s", "start to ready", "s"),
    Line("cpu_us", "server CPU a span until queryable", "µs"),
    Line("spans_per_s", "spans a second until queryable", "/s"),
    Line("fresh_max_s", "acknowledged to listed at full load, longest", "s", 2),
    Line("fresh_p95_s", "  95 %", "s", 2),
    Line("fresh_search_max_s", "  with a text search running, longest", "s", 2),
    Line("fresh_search_p95_s", "  95 %", "s", 2),
    Line("probes", "  sessions followed", ""),
    Line("busy_list_p50_ms", "session list at full load, p50", "ms", 200),
    Line("busy_list_p95_ms", "  p95", "ms", 200),
    Line("busy_session_p50_ms", "one session at full load, p50", "ms", 200),
    Line("busy_session_p95_ms", "  p95", "ms", 200),
    *(Line(f"list_{name}_ms", f"session list by {name}, p50", "ms", 200) for name in SORTS),
    Line("filter_ms", f"session list, {FILTER}, p50", "ms", 200),
    Line("search_ms", f"session list, {SEARCH}, p50", "ms"),
    Line("session_ms", "one session, p50", "ms", 200),
    Line("idle_cpu_percent", "idle CPU", "%", 1),
    Line("busy_rss_mb", "resident memory at the end of the load", "MB"),
    Line("idle_rss_mb", "resident memory after a restart", "MB"),
    Line("disk_bytes", "disk a span, soon after the load", "B"),
    Line("merged_disk_bytes", "disk a span, without what merges replaced", "B"),
    Line("restart_s", "ready after a restart", "s"),
)


@dataclass(slots=True)
class Bench:
    """One run."""

    spans: int
    shape: str
    folder: Path
    idle_s: float
    measured: dict[str, float] = field(default_factory=dict[str, float])
    sent_spans: int = 0
    sent_sessions: int = 0

    def run(self) -> None:
        """Measure every line."""
        workloads = [self._workload(seed) for seed in (1, 2, 3)]
        feeds = [Feed(each, self.folder) for each in workloads]
        _say(f"making {sum(each.spans for each in workloads):,} spans")
        for feed in feeds:
            feed.prepare()
        server = Turnloom(_made(self.folder / "turnloom"))
        self.measured["ready_s"] = server.start()
        try:
            self._ingest(server, feeds[0])
            self._under_load(server, feeds[1], workloads[0])
            self._under_search(server, feeds[2])
            self._pages(server, workloads[0])
            self._rest(server)
        finally:
            server.stop()

    def _workload(self, seed: int) -> Workload:
        """A workload that has ended two days ago: nothing in it is going on any more."""
        spans = self.spans if seed == 1 else max(SPANS_UNDER_LOAD_MIN, self.spans // SHARE_UNDER_LOAD)
        lasts_ns = spans * SESSION_EVERY_S * SECOND // 40
        return Workload(spans, self.shape, seed, time.time_ns() - 2 * 86_400 * SECOND - lasts_ns)

    def _ingest(self, server: Turnloom, feed: Feed) -> None:
        _say("sending, nothing else")
        before = server.usage()
        load = feed.send(server.traces_url, server.headers)
        stored_s = server.wait_stored(load)
        used = server.usage()
        self._sent(server, load.spans, load.sessions)
        self.measured["cpu_us"] = 1e6 * (used.cpu_s - before.cpu_s) / load.spans
        self.measured["spans_per_s"] = load.spans / (stored_s - load.started_s)
        self.measured["busy_rss_mb"] = used.rss_bytes / 1e6

    def _under_load(self, server: Turnloom, feed: Feed, stored: Workload) -> None:
        _say("sending, and reading lists and sessions")
        freshness, sessions = Freshness(server.url), Reader(server.url)
        rng = random.Random(1)
        with freshness.probing(), Beside(lambda: sessions.get(PATH, id=_any_id(stored, rng))):
            load = feed.send(server.traces_url, server.headers)
        server.wait_stored(load)
        self._sent(server, load.spans, load.sessions, freshness.sent)
        self.measured["probes"] = freshness.sent
        self.measured["fresh_max_s"] = freshness.worst_s()
        self.measured["fresh_p95_s"] = freshness.p95_s()
        for name, latencies_ms in (("list", freshness.list_latencies_ms), ("session", sessions.latencies_ms)):
            self.measured[f"busy_{name}_p50_ms"] = percentile(sorted(latencies_ms), 50)
            self.measured[f"busy_{name}_p95_ms"] = percentile(sorted(latencies_ms), 95)

    def _under_search(self, server: Turnloom, feed: Feed) -> None:
        _say("sending, and searching")
        freshness, searches = Freshness(server.url), Reader(server.url)
        with freshness.probing(), Beside(lambda: searches.get(PATH, filter=SEARCH), pause_s=0):
            load = feed.send(server.traces_url, server.headers)
        server.wait_stored(load)
        self._sent(server, load.spans, load.sessions, freshness.sent)
        self.measured["probes"] += freshness.sent
        self.measured["fresh_search_max_s"] = freshness.worst_s()
        self.measured["fresh_search_p95_s"] = freshness.p95_s()

    def _pages(self, server: Turnloom, stored: Workload) -> None:
        _say(f"reading pages of {self.sent_spans:,} spans")
        reader, rng = Reader(server.url), random.Random(2)
        pages = {f"list_{name}_ms": {**NEWEST, "sort": name} for name in SORTS}
        pages |= {"filter_ms": {**NEWEST, "filter": FILTER}, "search_ms": {**NEWEST, "filter": SEARCH}}
        for key, query in pages.items():
            self.measured[key] = percentile(measure(lambda query=query: reader.get(PATH, **query), READS), 50)
        one = measure(lambda: reader.get(PATH, id=_any_id(stored, rng)), READS)
        self.measured["session_ms"] = percentile(one, 50)
        reader.close()

    def _rest(self, server: Turnloom) -> None:
        _say(f"leaving it alone for {2 * self.idle_s:.0f} s, and starting it again")
        time.sleep(self.idle_s)  # merges that the load has left
        before = server.usage().cpu_s
        time.sleep(self.idle_s)
        self.measured["idle_cpu_percent"] = 100 * (server.usage().cpu_s - before) / self.idle_s
        self.measured["disk_bytes"] = server.disk_bytes() / self.sent_spans
        server.stop()
        merged = subprocess.run(
            [sys.executable, "-m", "benchmarks.parts", str(server.data)], stdout=subprocess.PIPE, check=True
        )
        self.measured["merged_disk_bytes"] = int(merged.stdout) / self.sent_spans
        self.measured["restart_s"] = server.start()
        self.measured["idle_rss_mb"] = server.usage().rss_bytes / 1e6

    def _sent(self, server: Turnloom, spans: int, sessions: int, probes: int = 0) -> None:
        self.sent_spans += spans + probes
        self.sent_sessions += sessions + probes
        server.check_sessions(self.sent_sessions)


def main() -> None:
    """Run the benchmark and print its table."""
    given = _arguments()
    with ExitStack() as stack:
        folder = given.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="turnloom-bench-"))
        )
        bench = Bench(given.spans, given.shape, _made(folder), given.idle)
        bench.run()
        print(f"\n{given.spans:,} spans of shape {given.shape}; {machine()}\n")
        print(table(LINES, bench.measured))
        compared = {}
        if given.peers:
            compared = compare(given.spans, given.shape, folder, bench.measured, _say)
        if given.json:
            what = {"spans": given.spans, "shape": given.shape, "peers": compared}
            given.json.write_text(as_json(what, dict(bench.measured)) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spine", description=__doc__)
    parser.add_argument("--spans", type=int, default=500_000, help="spans to send first (500 000)")
    parser.add_argument("--shape", choices=SHAPES, default="chat")
    parser.add_argument(
        "--idle", type=float, default=20, help="seconds of rest before and during the idle figure"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="folder to use, and to leave")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as JSON")
    parser.add_argument("--peers", action="store_true", help="measure Phoenix and MLflow too (installs them)")
    return parser.parse_args()


def _any_id(workload: Workload, rng: random.Random) -> str:
    return workload.session_id(rng.randrange(max(1, workload.spans // 60)))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
