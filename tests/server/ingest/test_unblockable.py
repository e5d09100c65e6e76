"""Nothing accepted blocks what comes after it: each odd thing costs only itself and is shown."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from odd_requests import JSON_ODDITIES, PROTOBUF_ODDITIES, months
from serving import JSON, PROTOBUF, Serving, serving, wait_for
from wire import request, span

from turnloom.server.ingest.digests import Digests
from turnloom.server.ingest.job import Job, Report
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.ingest.segment import FRAME, Entry, Segment, left_over, read_segment, split_segment
from turnloom.server.ingest.writing import RefusedRow
from turnloom.server.store.engine import Engine

ODDITIES = [
    *((name, PROTOBUF, body) for name, body in PROTOBUF_ODDITIES.items()),
    *((name, JSON, body) for name, body in JSON_ODDITIES.items()),
]

AT_ONCE = 4
"""Oddities in front of one good span."""

FRESH_S = 2.0
"""What the server promises; of many tries on a busy machine the best must keep it."""


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that only this module sends to: it counts what was refused."""
    with serving(tmp_path_factory.mktemp("odd") / "data") as running:
        yield running


def test_what_is_odd_is_stored_and_what_comes_after_it_is_fresh(odd_server: Serving) -> None:
    """Wrong wire types, NaN, 20 MB, 1 000 levels, 65 536 attributes: none is lost or holds others up."""
    waits_s: list[float] = []
    for first in range(0, len(ODDITIES), AT_ONCE):
        for name, headers, body in ODDITIES[first : first + AT_ONCE]:
            assert odd_server.post("/v1/traces", body, headers).status == 200, name
        assert odd_server.post("/v1/traces", request(span(f"good-{first}"))).status == 200
        started_s = time.monotonic()
        odd_server.wait_exported(f"good-{first}")
        waits_s.append(time.monotonic() - started_s)
        for name, *_ in ODDITIES[first : first + AT_ONCE]:
            assert len(odd_server.wait_exported(name)) == 1, name
            assert odd_server.get(f"/api/v1/sessions/{quote(name)}").status == 200, name
    assert sorted(waits_s)[len(waits_s) // 2] < FRESH_S
    assert odd_server.get("/health").json()["quarantined"] == 0


def test_150_months_in_one_request(odd_server: Serving) -> None:
    """More than the engine takes in one insert."""
    assert odd_server.post("/v1/traces", months("months", 150)).status == 200
    assert odd_server.post("/v1/traces", request(span("after the months"))).status == 200
    odd_server.wait_exported("after the months")
    assert len(odd_server.wait_exported("months", 150)) == 150


def test_what_cannot_be_read_back_is_in_quarantine_and_counted(tmp_path: Path) -> None:
    """A body that was damaged after it was checked stands for every defect of a mapping."""
    broken = _entry(b'{"resourceSpans": [{"scopeSpans": [{"spans": 7}]}]}')
    path = tmp_path / "segments" / "000000000000.segment"
    path.parent.mkdir()
    path.write_bytes(broken.frame() + _entry(request(span("beside it"))).frame())
    with serving(tmp_path) as again:
        again.wait_exported("beside it")
        wait_for(lambda: again.get("/health").json()["quarantined"] == 1, "one in quarantine")
        assert b"turnloom_quarantined 1.0" in again.get("/metrics").body
        shown = again.get("/api/v1/quarantine").json()
        assert (shown["total"], len(shown["data"]), "body" in shown["data"][0]) == (1, 1, False)
        [kept] = Quarantine(tmp_path / "quarantine").entries(5)
        assert (kept["project"], kept["kind"], kept["sender"]) == ("default", "traces", "test")
        assert "resourceSpans" in kept["reason"] or "spans" in kept["reason"]


BAD_VALUES: list[dict[str, Any]] = [
    {"input_tokens": 2**63},
    {"turn_number": -(2**63) - 1},
    {"cost_usd": float("inf")},
    {"cost_usd": 10**30},
    {"name": "half \ud83d of a pair"},
    {"input": "half \ud83d of a pair"},
    {"session_rank": 300},
    {"version": -1},
    {"end_us": "soon"},
    {"kind": None},
]


@pytest.mark.parametrize("values", BAD_VALUES, ids=str)
def test_rows_that_the_engine_refuses_stand_alone(
    engine: Engine, tmp_path: Path, values: dict[str, Any]
) -> None:
    """One of 40 spans is refused: it is reported with its row, and takes no part in sums."""
    names = [f"s-{number % 4}" for number in range(40)]
    job = _job(tmp_path, request(*[span(name) for name in names]))
    digests = Digests(engine)
    converted, rejects = digests.map(job)
    [arrival, *_] = next(iter(converted.projects["default"].spans.values()))
    arrival.row.update(values)
    report = digests.store(job, converted, rejects)
    assert [(each.table, each.row["span_id"]) for each in report.refused] == [("spans", arrival.span.span_id)]
    assert report.refused[0].reason
    assert engine.query("SELECT count() FROM spans FINAL") == [[39]]
    assert engine.query("SELECT sum(spans_count) FROM sessions FINAL") == [[39]]
    quarantine = Quarantine(tmp_path / "quarantine")
    quarantine.keep(report)
    [kept] = quarantine.entries(5)
    assert kept["reason"] == report.refused[0].reason
    digests.store(job, *digests.map(job))
    assert engine.query("SELECT count() FROM spans FINAL") == [[40]]


def test_many_refused_rows_cost_no_more_than_themselves(engine: Engine, tmp_path: Path) -> None:
    """Half of 2 000 spans is refused."""
    job = _job(tmp_path, request(*[span(f"s-{number}") for number in range(2_000)]))
    digests = Digests(engine)
    converted, rejects = digests.map(job)
    for index, [arrival] in enumerate(converted.projects["default"].spans.values()):
        arrival.row["input_tokens"] = 2**63 if index % 2 else 1
    started_s = time.monotonic()
    report = digests.store(job, converted, rejects)
    assert time.monotonic() - started_s < 60
    assert len(report.refused) == 1_000
    assert engine.query("SELECT count() FROM spans FINAL") == [[1_000]]


def test_the_quarantine_is_bounded_and_survives_a_torn_line(tmp_path: Path) -> None:
    """The oldest file goes first; what a crash cut short is passed over, and not written behind."""
    folder = tmp_path / "quarantine"
    quarantine = Quarantine(folder, size_max_bytes=40_000, file_max_bytes=10_000)
    for number in range(100):
        row = {"span_id": str(number), "version": 2**100, "name": "\ud83d", "input": "x" * 1_000}
        quarantine.keep(Report(refused=[RefusedRow("spans", row, f"reason {number}")]))
    files = sorted(folder.iterdir())
    assert sum(path.stat().st_size for path in files) <= 50_000
    assert quarantine.count == 100
    assert [each["reason"] for each in quarantine.entries(3)] == ["reason 99", "reason 98", "reason 97"]
    with files[-1].open("ab") as file:
        file.write(b'{"reason": "torn')
    again = Quarantine(folder, size_max_bytes=40_000, file_max_bytes=10_000)
    again.keep(Report(refused=[RefusedRow("spans", {"span_id": "1"}, "after the crash")]))
    assert [each["reason"] for each in again.entries(2)] == ["after the crash", "reason 99"]
    newest = max(folder.iterdir()).read_bytes()
    assert json.loads(newest.splitlines()[-1])["row"] == {"span_id": "1"}


def test_a_segment_is_read_around_what_is_damaged(tmp_path: Path) -> None:
    """Whatever single byte is flipped, the other entries are read; whatever the cut, those before it."""
    entries = [_entry(f"body {number}".encode() * 3) for number in range(3)]
    frames = [entry.frame() for entry in entries]
    whole = b"".join(frames)
    path = tmp_path / "1.segment"
    for position in range(len(frames[0]), len(frames[0]) + len(frames[1])):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        path.write_bytes(damaged)
        first, middle, last = read_segment(path)
        assert (first, last) == (entries[0], entries[2])
        assert not isinstance(middle, Entry)
    for cut in range(len(frames[0]), len(frames[0]) + len(frames[1])):
        path.write_bytes(whole[:cut])
        assert list(read_segment(path)) == entries[:1]
    assert len(frames[0]) > FRAME.size


def test_a_segment_is_taken_apart(tmp_path: Path) -> None:
    """Into one for each entry, in order; the whole one is gone."""
    path = tmp_path / "000000000003.segment"
    entries = [_entry(f"body {number}".encode()) for number in range(3)]
    path.write_bytes(b"".join(entry.frame() for entry in entries))
    parts = split_segment(Segment(path, 3))
    assert [list(read_segment(part.path)) for part in parts] == [[entry] for entry in entries]
    assert left_over(tmp_path) == parts
    assert not path.exists()


def _entry(body: bytes) -> Entry:
    return Entry("default", "traces", "json", "identity", time.time_ns() // 1000, "test", 1, body)


def _job(folder: Path, body: bytes) -> Job:
    path = folder / "000000000001.segment"
    path.write_bytes(_entry(body).frame())
    now_us = time.time_ns() // 1000
    return Job(1, (path,), (), now_us, now_us, 64 * 1024 * 1024, 900_000_000)
