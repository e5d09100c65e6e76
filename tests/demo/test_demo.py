"""The demo as people run it: what its scripted people did is what the server came to."""

import json
import signal
import socket
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from serving import turnloom, wait_for

from demo.demonstrating import demonstrating
from turnloom.demo.samples import SAMPLES
from turnloom.demo.script import Run, Sitting, Step, Think
from turnloom.prices.lookup import Tokens, cost_usd

ELSEWHERE = "http://127.0.0.1:9"
"""Nobody listens there."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def shown(folder: Path) -> dict[str, dict[str, Any]]:
    """Sessions of the first demo on the folder, by id."""
    done = turnloom("demo", "--once", "--json", "--port", "0", "--data", str(folder))
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    answer = json.loads(done.stdout)
    assert done.stderr.startswith(f"Turnloom demo: {answer['url']} ")
    return {each["id"]: each for each in answer["sessions"]}


def test_every_scripted_session_is_there_and_no_other(shown: dict[str, dict[str, Any]]) -> None:
    """With its user, its channel, and its conversations in order."""
    assert sorted(shown) == sorted(each.id for each in SAMPLES)
    for each in SAMPLES:
        session = shown[each.id]
        assert session["user_ids"] == ([each.visitor.user] if each.visitor.user else [])
        assert session["channel"] == each.visitor.channel
        assert session["conversation_ids"] == [talk.id for talk in each.talks]


@pytest.mark.parametrize(
    ("name", "numbers", "statuses"),
    [
        ("shop-refund", [1, 2, 3], ["ok"] * 3),
        ("shop-outage", [1], ["error"]),
        ("office-slack-priya", [1, 2, 1, 1], ["ok"] * 4),
        ("office-contract", [1], ["running"]),
        ("office-visitor", [1, None], ["ok"] * 2),
        ("travel-noor-1", [1, 2], ["ok"] * 2),
        ("travel-noor-2", [3], ["ok"]),
    ],
)
def test_turns_are_numbered_in_their_conversation(
    shown: dict[str, dict[str, Any]], name: str, numbers: list[int | None], statuses: list[str]
) -> None:
    """Across sessions; one that is tried again has no number; one that was only announced runs."""
    turns = shown[name]["turns"]
    assert [turn["number"] for turn in turns] == numbers
    assert [turn["status"] for turn in turns] == statuses
    assert [turn["position"] for turn in turns] == list(range(1, len(turns) + 1))


@pytest.mark.parametrize(
    ("name", "errors", "satisfaction", "end_reason"),
    [
        ("shop-refund", 0, 1.0, "completed"),
        ("shop-payment", 2, 0.0, None),
        ("shop-delivery", 1, 1.0, "completed"),
        ("shop-outage", 2, None, None),
        ("shop-hotline", 0, None, "user_exit"),
        ("office-night-report", 1, None, "completed"),
        ("travel-noor-1", 1, None, "replaced"),
        ("travel-noor-2", 0, 1.0, "completed"),
    ],
)
def test_errors_feedback_and_ends_are_as_scripted(
    shown: dict[str, dict[str, Any]],
    name: str,
    errors: int,
    satisfaction: float | None,
    end_reason: str | None,
) -> None:
    """Of sessions that differ in them."""
    session = shown[name]
    assert (session["errors"], session["satisfaction"], session["end_reason"]) == (
        errors,
        satisfaction,
        end_reason,
    )


def test_costs_are_those_of_the_calls(shown: dict[str, dict[str, Any]]) -> None:
    """Exactly; unknown where no model has a price, and models without one are counted."""
    now_us = time.time_ns() // 1_000
    for each in SAMPLES:
        costs = [
            cost_usd(call.provider, call.model, Tokens(*call.tokens, call.cached_tokens), now_us)
            for call in _calls(each)
        ]
        priced = [cost for cost in costs if cost is not None]
        cost = shown[each.id]["cost_usd"]
        assert (None if cost is None else Decimal(cost)) == (sum(priced) if priced else None), each.id
        assert shown[each.id]["unpriced_calls"] == len(costs) - len(priced)
    assert shown["office-night-report"]["unpriced_calls"] == 2
    assert shown["shop-outage"]["cost_usd"] is None


def test_streamed_answers_have_their_first_token(shown: dict[str, dict[str, Any]]) -> None:
    """The others have none."""
    assert all(turn["ttft_ms"] > 0 for turn in shown["shop-hotline"]["turns"])
    assert shown["office-night-report"]["ttft_p50_ms"] is None


def test_it_goes_on_with_what_is_there(folder: Path, shown: dict[str, dict[str, Any]]) -> None:
    """Nothing is sent twice, and people keep coming until Ctrl-C, which loses nothing."""
    with demonstrating(folder) as demo:
        listed = demo.get("/api/v1/sessions").json()
        assert {each["id"] for each in listed["data"]} >= set(shown)
        others = demo.get("/api/v1/traces?other_traffic=true").json()
        assert others["total"] == 0, "the server in the same process must not be traced"
        wait_for(lambda: demo.get("/api/v1/sessions").json()["total"] > len(shown), "somebody comes")
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(10) == 0
    assert not any((folder / "segments").iterdir())
    assert "not delivered" not in (folder.parent / f"{folder.name}.log").read_text()
    assert turnloom("demo", "--clear", "--data", str(folder)).returncode == 0
    assert not folder.exists()


def test_it_heeds_no_setting_and_tells_nobody_else(tmp_path: Path) -> None:
    """Whatever the environment says, the demo's data goes to the demo."""
    others = {
        "TURNLOOM_ENDPOINT": ELSEWHERE,
        "TURNLOOM_ENABLED": "false",
        "TURNLOOM_EVENTS": "clickhouse://nobody@127.0.0.1:9/x",
        "TURNLOOM_DATA": str(tmp_path / "mine"),
        "LANGFUSE_PUBLIC_KEY": "pk",
        "LANGFUSE_SECRET_KEY": "sk",
        "LANGFUSE_BASE_URL": ELSEWHERE,
        "OTEL_EXPORTER_OTLP_ENDPOINT": ELSEWHERE,
        "OTEL_SDK_DISABLED": "true",
        "OTEL_TRACES_SAMPLER": "always_off",
    }
    with demonstrating(tmp_path / "data", **others) as demo:
        assert demo.get("/api/v1/sessions").json()["total"] >= len(SAMPLES)
        demo.process.send_signal(signal.SIGTERM)
        assert demo.process.wait(10) == 0
    assert not (tmp_path / "mine").exists()
    assert (tmp_path / "data.log").read_text().count("\n") <= 2


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """In one line that says what to do; nothing is made."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = turnloom("demo", "--port", port, "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"port {port}" in done.stderr
    assert "--port" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """It is neither used nor removed."""
    (tmp_path / "thesis.txt").write_text("important")
    for option in ("--once", "--clear"):
        done = turnloom("demo", option, "--port", "0", "--data", str(tmp_path))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "not the demo's" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def _calls(sitting: Sitting) -> list[Think]:
    """The model calls of a session that were answered."""
    return [call for exchange in sitting.exchanges for step in exchange.steps for call in _answered(step)]


def _answered(step: Step) -> list[Think]:
    if isinstance(step, Run):
        return [call for each in step.steps for call in _answered(each)]
    return [step] if isinstance(step, Think) and step.fails is None else []
