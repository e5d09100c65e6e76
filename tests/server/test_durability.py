"""Acknowledged means durable: whatever is killed and whenever, no span is lost and none is there twice."""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from folder_contents import read_stored
from killing import Victim, moments
from retrying_senders import SPANS_PER_TURN, Known, Sender
from serving import turnloom, wait_for
from wire import attribute, request, span

from turnloom.server.ingest.segment import Entry

SEED = 20260922

SERVER_KILLS = 9
"""Of the server; every fourth time while it starts and digests what the one before left."""

WORKER_KILLS = 12

SENDERS = 2


pytestmark = pytest.mark.timeout(300)
"""Many starts: a busy machine takes several seconds for each."""


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    """A server that may be killed."""
    victim = Victim(tmp_path / "data")
    yield victim
    victim.end()


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(victim: Victim) -> None:
    """Killed while it appends, maps, inserts, merges, starts: what was acknowledged is there, once."""
    rng = random.Random(SEED)
    senders = _started(victim)
    before: set[tuple[str, str]] = set()
    for kill, (_, wait) in zip(range(SERVER_KILLS), moments(victim.folder, rng), strict=False):
        victim.start()
        if kill % 4 == 3:  # while it recovers
            time.sleep(rng.uniform(0.5, 2.0))
        else:
            victim.wait_ready()
            _wait_exported(victim, before)
            wait()
        before = _acknowledged(senders)
        victim.kill(group=bool(kill % 2))
    victim.start()
    victim.wait_ready()
    _finish(victim, senders)


def test_nothing_is_lost_or_doubled_when_the_digest_is_killed(victim: Victim) -> None:
    """The digest process alone is killed again and again; the server goes on and starts another."""
    rng = random.Random(SEED + 1)
    victim.start()
    victim.wait_ready()
    senders = _started(victim)
    for _, (_, wait) in zip(range(WORKER_KILLS), moments(victim.folder, rng), strict=False):
        wait_for(victim.workers, "a digest process")
        wait()
        victim.kill_worker()
    _finish(victim, senders)
    assert not any(sender.statuses.get(500) for sender in senders)


def test_sigterm_drains(victim: Victim) -> None:
    """Told to stop under load: what was acknowledged is stored, the exit code is 0, no segment is left."""
    victim.start()
    victim.wait_ready()
    senders = _started(victim)
    time.sleep(0.7)
    assert victim.stop() == 0
    assert list((victim.folder / "segments").iterdir()) == []
    before = _acknowledged(senders)
    assert before
    victim.start()
    victim.wait_ready()
    assert before <= _exported(victim)
    _finish(victim, senders)


def test_what_is_damaged_on_disk_costs_only_itself(victim: Victim) -> None:
    """A torn tail is cut, a flipped bit goes into quarantine, a foreign file is left alone."""
    requests = [request(span(f"bit-{number}")) for number in range(5)]
    segments = victim.folder / "segments"
    segments.mkdir(parents=True)
    frames = [_entry(body).frame() for body in requests]
    flipped = bytearray(frames[1])
    flipped[-20] ^= 1
    (segments / "000000000007.segment").write_bytes(frames[0] + flipped + frames[2] + frames[3][:-9])
    (segments / "000000000008.segment").write_bytes(b"")
    (segments / "000000000009.segment").write_bytes(bytes(4096) + frames[4])
    (segments / "notes.segment").write_bytes(b"not ours")
    victim.start()
    victim.wait_ready()
    for number in (0, 2, 4):
        victim.serving.wait_exported(f"bit-{number}")
    assert victim.serving.get("/api/v1/sessions/bit-1").status == 404
    assert victim.serving.get("/api/v1/sessions/bit-3").status == 404
    wait_for(lambda: victim.serving.get("/health").json()["quarantined"] == 2, "both damages in quarantine")
    assert "cut a torn tail" in victim.log
    assert victim.stop() == 0
    assert [path.name for path in segments.iterdir()] == ["notes.segment"]


def test_a_full_disk_is_503_and_over_once_there_is_room(tmp_path: Path) -> None:
    """On a file system of its own: what was acknowledged before, and while it was full, is stored."""
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(mount)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system")
    victim = Victim(mount / "data")
    try:
        _fill_the_disk(victim, mount / "ballast")
    finally:
        victim.end()
        subprocess.run(["umount", str(mount)], check=True)


def _fill_the_disk(victim: Victim, ballast: Path) -> None:
    victim.start()
    victim.wait_ready()
    taken = [f"room-{number}" for number in range(3)]
    for name in taken:
        assert victim.serving.post("/v1/traces", request(span(name))).status == 200
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    large = [attribute("input.value", random.Random(0).randbytes(150_000).hex())]
    replies = []
    for number in range(30):
        name = f"full-{number}"
        body = request(span(name, attributes=[attribute("session.id", name), *large]))
        replies.append(victim.serving.post("/v1/traces", body))
        taken += [name] if replies[-1].status == 200 else []
    refused = [reply for reply in replies if reply.status != 200]
    assert {reply.status for reply in refused} == {503}
    assert all("Retry-After" in str(reply.headers).title() for reply in refused)
    assert victim.serving.get("/health").status == 200
    time.sleep(1.5)
    ballast.unlink()
    wait_for(lambda: victim.serving.post("/v1/traces", request(span("after"))).status == 200, "room again")
    for name in [*taken, "after"]:
        victim.serving.wait_exported(name)
    assert victim.serving.get("/health").json()["quarantined"] == 0
    assert victim.stop() == 0


def test_a_second_server_says_who_has_the_folder(victim: Victim) -> None:
    """It ends at once, names the process and its address, and the first goes on."""
    victim.start()
    victim.wait_ready()
    done = turnloom("serve", "--data", str(victim.folder), "--port", "0")
    assert done.returncode != 0
    assert f"process {victim.process.pid}" in done.stderr  # type: ignore[union-attr]
    assert str(victim.port) in done.stderr
    assert victim.serving.get("/health").status == 200


def _started(victim: Victim) -> list[Sender]:
    senders = [Sender(number, victim.port) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    return senders


def _acknowledged(senders: list[Sender]) -> set[tuple[str, str]]:
    return {key for sender in senders for key in list(sender.acknowledged)}


def _wait_exported(victim: Victim, keys: set[tuple[str, str]]) -> None:
    wait_for(lambda: keys <= _exported(victim), "what was acknowledged", every_s=0.3)


def _exported(victim: Victim) -> set[tuple[str, str]]:
    spans = victim.serving.exported("")
    keys = {(each["traceId"], each["spanId"]) for each in spans}
    assert len(keys) == len(spans), "a span is there twice"
    return keys


def _finish(victim: Victim, senders: list[Sender]) -> None:
    """Stop sending, stop the server, and compare everything it holds with what was sent."""
    for sender in senders:
        sender.stop()
    known = {name: each for sender in senders for name, each in sender.known.items()}
    sent = _acknowledged(senders)
    assert len(sent) == sum(each.spans for each in known.values()) > 200
    wait_for(lambda: _exported(victim) == sent, "all that was sent, and nothing else", every_s=0.3)
    for name in random.Random(SEED).sample(sorted(known), min(12, len(known))):
        _check_over_the_api(victim, name, known[name])
    assert victim.serving.get("/health").json()["quarantined"] == 0
    assert victim.stop() == 0
    assert list((victim.folder / "segments").iterdir()) == []
    _check_tables(read_stored(victim.folder), sent, known)


def _check_over_the_api(victim: Victim, name: str, known: Known) -> None:
    shown: dict[str, Any] = victim.serving.get(f"/api/v1/sessions/{name}").json()
    assert (shown["spans_count"], shown["turns_count"], shown["traces_count"]) == (
        known.spans,
        known.turns,
        known.turns,
    )
    assert (shown["input_tokens"], shown["output_tokens"]) == (known.input_tokens, known.output_tokens)
    assert [turn["number"] for turn in shown["turns"]] == list(range(1, known.turns + 1))
    assert sum(turn["input_tokens"] for turn in shown["turns"]) == known.input_tokens


def _check_tables(stored: dict[str, Any], sent: set[tuple[str, str]], known: dict[str, Known]) -> None:
    assert {tuple(row) for row in stored["spans"]} == sent
    assert len(stored["spans"]) == len(sent)
    assert dict(stored["spans_by_session"]) == {name: each.spans for name, each in known.items()}
    assert dict(stored["traces"]) == dict.fromkeys({trace for trace, _ in sent}, SPANS_PER_TURN)
    assert {row[0]: tuple(row[1:]) for row in stored["sessions"]} == {
        name: (each.spans, each.turns, each.turns, each.input_tokens, each.output_tokens)
        for name, each in known.items()
    }
    numbers: dict[str, list[int]] = {}
    for session, _, number, *_ in stored["turns"]:
        numbers.setdefault(session, []).append(number)
    assert numbers == {name: list(range(1, each.turns + 1)) for name, each in known.items()}
    assert sum(row[3] for row in stored["turns"]) == sum(each.input_tokens for each in known.values())
    assert [row for row in stored["surviving"] if row[1] != row[2]] == []


def _entry(body: bytes) -> Entry:
    return Entry(
        project="default",
        kind="traces",
        content="json",
        encoding="identity",
        received_us=time.time_ns() // 1000,
        sender="test",
        items=1,
        body=body,
    )
