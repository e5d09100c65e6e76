"""The commands as people run them, against a real server."""

import gzip
import json
from pathlib import Path
from uuid import uuid4

import pytest
from serving import Serving, serving, turnloom
from wire import attribute, protobuf_request, request, span


@pytest.fixture(scope="module")
def session(server: Serving) -> str:
    """A session whose text tries to drive the terminal."""
    name = f"cli-{uuid4()}"
    hostile = "red \x1b[31malert\x1b[0m \x1b]0;title\x07and \x9b2Jmore \u202eesrever"
    attributes = [
        attribute("session.id", name),
        attribute("user.id", "ada"),
        attribute("gen_ai.operation.name", "chat"),
        attribute("gen_ai.request.model", "gpt-4o"),
        attribute("gen_ai.usage.input_tokens", {"intValue": "1000"}),
        attribute("gen_ai.usage.output_tokens", {"intValue": "100"}),
        attribute("input.value", hostile),
        attribute("output.value", "An answer\nin two lines"),
    ]
    assert server.post("/v1/traces", request(span(attributes=attributes))).status == 200
    server.wait_exported(name)
    return name


def test_sessions_lists(server: Serving, session: str) -> None:
    """A table for people, JSON for programs."""
    table = turnloom("sessions", "--url", server.url)
    assert (table.returncode, table.stderr) == (0, "")
    assert session in table.stdout
    assert "ada" in table.stdout
    listed = json.loads(turnloom("sessions", "--json", "--limit", "1", TURNLOOM_ENDPOINT=server.url).stdout)
    assert len(listed) == 1
    assert {"id", "turns_count", "cost_usd"} <= set(listed[0])


def test_show_prints_the_transcript_without_escapes(server: Serving, session: str) -> None:
    """Traced text cannot drive the terminal."""
    shown = turnloom("show", session, "--url", server.url)
    assert (shown.returncode, shown.stderr) == (0, "")
    for words in (
        session,
        "user:",
        "red alert and more esrever",
        "agent:",
        "in two lines",
        "ada",
        "USD",
        "#1",
    ):
        assert words in shown.stdout
    assert not any(mark in shown.stdout for mark in ("\x1b", "\x9b", "\x07", "\u202e"))
    assert json.loads(turnloom("show", session, "--json", "--url", server.url).stdout)["id"] == session
    missing = turnloom("show", "no such", "--url", server.url)
    assert (missing.returncode, missing.stdout, missing.stderr.count("\n")) == (1, "", 1)


def test_export_and_import_bring_a_session_to_another_server(
    server: Serving, session: str, tmp_path: Path
) -> None:
    """All that was sent is there again, attribute by attribute; twice is as good as once."""
    files = [tmp_path / "out.jsonl", tmp_path / "out.jsonl.gz"]
    for file in files:
        exported = turnloom("export", "--session", session, "-o", str(file), "--url", server.url)
        assert (exported.returncode, exported.stdout) == (0, "")
        assert "1 spans in 1 lines" in exported.stderr
    assert sorted(tmp_path.iterdir()) == files
    assert gzip.decompress(files[1].read_bytes()) == files[0].read_bytes()
    piped = turnloom("export", "--session", session, "--url", server.url)
    assert piped.stdout.encode() == files[0].read_bytes()
    with serving(tmp_path / "data") as other:
        done = turnloom("import", "otlp", *map(str, files), "--json", "--url", other.url)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"files": 2, "requests": 2, "refused": 0}
        assert other.wait_exported(session) == server.exported(session)


def test_import_reads_every_form(server: Serving, tmp_path: Path) -> None:
    """JSON lines, one JSON document over many lines, protobuf; a refused span makes the exit code 1."""
    names = [f"import-{uuid4()}" for _ in range(4)]
    (tmp_path / "lines.jsonl").write_bytes(
        request(span(names[0])) + b"\n\n" + request(span(names[1])) + b"\n"
    )
    (tmp_path / "pretty.json").write_text(json.dumps(json.loads(request(span(names[2]))), indent=1))
    (tmp_path / "body.bin").write_bytes(gzip.compress(protobuf_request(span(names[3]))))
    done = turnloom("import", "otlp", *map(str, sorted(tmp_path.iterdir())), "--url", server.url)
    assert (done.returncode, done.stderr) == (0, "imported 3 files in 3 requests, 0 items refused\n")
    for name in names:
        server.wait_exported(name)
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(request(span(), span(traceId="00")))
    refused = turnloom("import", "otlp", str(bad), "--url", server.url)
    assert (refused.returncode, "span 1" in refused.stderr) == (1, True)
    bad.write_bytes(request(span()) + b"\n{nothing\n")
    broken = turnloom("import", "otlp", str(bad), "--url", server.url)
    assert (broken.returncode, "line 2 is not JSON" in broken.stderr) == (1, True)


def test_keys_without_a_server_and_with_one(tmp_path: Path) -> None:
    """The same commands, in the folder or through the server that has it."""
    data = ("--data", str(tmp_path / "data"))
    made = json.loads(turnloom("keys", "create", "--kind", "admin", "--note", "ops", "--json", *data).stdout)
    keys = {"TURNLOOM_PUBLIC_KEY": made["public"], "TURNLOOM_SECRET_KEY": made["secret"]}
    assert made["public"] in turnloom("keys", "list", *data).stdout
    with serving(tmp_path / "data") as server:
        second = turnloom("keys", "create", *data, **keys)
        assert second.returncode == 0, second.stderr
        assert "TURNLOOM_SECRET_KEY=sk-tl-" in second.stdout
        wrong = turnloom("sessions", "--url", server.url, **(keys | {"TURNLOOM_SECRET_KEY": "wrong"}))
        assert (wrong.returncode, "wants credentials" in wrong.stderr) == (1, True)
        assert turnloom("keys", "revoke", made["public"], *data).returncode == 0
        assert turnloom("sessions", "--url", server.url, **keys).returncode == 1
    again = turnloom("keys", "revoke", made["public"], *data)
    assert (again.returncode, "no live key" in again.stderr) == (1, True)
    assert len(json.loads(turnloom("keys", "list", "--json", *data).stdout)) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("sessions", "--url", "http://127.0.0.1:9"), 1, "turnloom serve"),
        (("sessions", "--url", "ftp://x"), 1, "expected a URL"),
        (("sessions", "--limit", "x"), 2, "limit"),
        (("unheard",), 2, "unheard"),
        (("serve", "--port", "99999"), 2, "port"),
        (("import", "otlp", "no-such-file"), 1, "there is no file"),
        (("keys", "create", "--kind", "owner", "--data", "DATA"), 1, "kind is 'owner'"),
        (("serve", "--host", "no.such.host.invalid", "--data", "DATA"), 1, "--port"),
    ],
)
def test_mistakes_are_told_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """No traceback; 1 for a failure, 2 for a call that is not understood."""
    done = turnloom(*[str(tmp_path) if each == "DATA" else each for each in arguments])
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert code == 2 or done.stderr.count("\n") == 1


def test_config_says_where_each_setting_is_from() -> None:
    """Passwords are not shown."""
    done = turnloom("config", "--json", TURNLOOM_PORT="77", TURNLOOM_ADMIN_PASSWORD="secret words")
    settings = json.loads(done.stdout)
    assert settings["port"] == {"value": 77, "source": "TURNLOOM_PORT"}
    assert "secret words" not in done.stdout
    wrong = turnloom("config", TURNLOOM_PROT="1")
    assert (wrong.returncode, "TURNLOOM_PORT" in wrong.stderr) == (1, True)


def test_the_docs_describe_every_command() -> None:
    """Each has a section of its own."""
    from turnloom.cli.commands import app

    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    names = [each.callback.__name__ for each in app.registered_commands if each.callback]
    names += [each.name for each in app.registered_groups]
    for name in names:
        assert f"\n## {name}" in page, name
