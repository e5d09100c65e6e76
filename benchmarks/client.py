"""What a span costs the application: `python -m benchmarks.client`.

Every variant runs in a process of its own, several times in turn with the others, against a
collector that takes everything; the best run of each counts, as others only add noise.
"""

import argparse
import gc
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from benchmarks.client_variants import SPANS, VARIANTS
from benchmarks.report import columns, machine

WARM_UP_TURNS = 150

PAUSE_EVERY_TURNS = 150
"""Turns after which the exporter may catch up: a queue that overflows would flatter."""

PAUSE_S = 0.15


class _Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take everything."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that http.server gives)
        """Keep quiet."""


def _serve(pipe: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sink)
    pipe.send(server.server_port)
    server.serve_forever()


def run_variant(key: str, url: str, turns: int) -> dict[str, float]:
    """Write turns; µs of CPU a span in the calling thread, and in the whole process."""
    variant = next(each for each in VARIANTS if each.key == key)
    step, stop = variant.make(url)
    for _ in range(WARM_UP_TURNS):
        step()
    time.sleep(PAUSE_S)
    gc.collect()
    thread_s = 0.0
    process_start_s = time.process_time()
    for done in range(0, turns, PAUSE_EVERY_TURNS):
        count = min(PAUSE_EVERY_TURNS, turns - done)
        start_s = time.thread_time()
        for _ in range(count):
            step()
        thread_s += time.thread_time() - start_s
        time.sleep(PAUSE_S)
    stop()
    process_s = time.process_time() - process_start_s
    spans = turns * SPANS
    return {"caller_us": 1e6 * thread_s / spans, "process_us": 1e6 * process_s / spans}


def measure(turns: int, rounds: int) -> dict[str, dict[str, float]]:
    """The best of several runs of every variant."""
    ours, theirs = multiprocessing.Pipe()
    sink = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    sink.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    best: dict[str, dict[str, float]] = {}
    try:
        for _ in range(rounds):
            for variant in VARIANTS:
                command = [sys.executable, "-m", "benchmarks.client", "--variant", variant.key]
                command += ["--url", url, "--turns", str(turns)]
                found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
                held = best.setdefault(variant.key, found)
                best[variant.key] = {name: min(held[name], found[name]) for name in found}
    finally:
        sink.terminate()
        sink.join()
    return best


def _table(best: Mapping[str, Mapping[str, float]]) -> str:
    rows = [["", "caller", "ratio", "process"]]
    for variant in VARIANTS:
        found = best[variant.key]
        ratio = f"{found['caller_us'] / best[variant.base]['caller_us']:.2f}" if variant.base else "1"
        rows.append([variant.text, f"{found['caller_us']:.1f} µs", ratio, f"{found['process_us']:.1f} µs"])
    return columns(rows)


def main() -> None:
    """Run one variant, or all and print their table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.client", description=__doc__)
    parser.add_argument("--turns", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print figures instead of a table")
    parser.add_argument("--variant", choices=[each.key for each in VARIANTS], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.variant:
        print(json.dumps(run_variant(given.variant, given.url, given.turns)))
        return
    best = measure(given.turns, given.rounds)
    if given.json:
        print(json.dumps({"machine": machine(), "measured": best}, indent=2))
    else:
        print(f"CPU a span, turns of {SPANS} spans; {machine()}\n")
        print(_table(best))


if __name__ == "__main__":
    main()
