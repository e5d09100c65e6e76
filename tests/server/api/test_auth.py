"""Keys on a real server: made, used, revoked; and what a public address asks for."""

import base64
import json
from pathlib import Path
from typing import Any

from serving import JSON, Serving, serving, turnloom
from wire import request, span

BODY = request(span())


def test_keys_over_http(tmp_path: Path) -> None:
    """The life of a key, from the first request to its revocation."""
    with serving(tmp_path / "data") as server:
        assert server.post("/v1/traces", BODY, JSON | basic("pk-any", "sk-any")).status == 200
        admin, writer, reader = (make(server, "support", kind) for kind in ("admin", "write", "read"))
        assert server.post("/v1/traces", BODY, JSON | basic("pk-any", "sk-any")).status == 401
        assert server.post("/v1/traces", BODY, JSON).status == 200
        check_permissions(server, admin, writer, reader)
        check_tenancy(server, admin, writer)
        assert (
            server.request("DELETE", f"/api/v1/keys?public={writer['public']}", None, auth(admin)).status
            == 200
        )
        refused = server.post("/v1/traces", BODY, JSON | auth(writer))
        assert refused.status == 401
        assert refused.headers["www-authenticate"].startswith("Basic")
        listed = {each["public"]: each for each in server.get("/api/v1/keys", auth(admin)).json()["data"]}
        assert listed[writer["public"]]["revoked_us"]
        assert listed[writer["public"]]["last_used_us"]
        assert "secret" not in str(listed)


def check_permissions(server: Serving, admin: Any, writer: Any, reader: Any) -> None:
    """401 for nobody, 403 for the wrong kind."""
    for key, may in ((admin, "wra"), (writer, "w"), (reader, "r")):
        expected = {letter: 200 if letter in may else 403 for letter in "wra"}
        assert server.post("/v1/traces", BODY, JSON | auth(key)).status == expected["w"]
        assert server.post("/v1/logs", b"{}", JSON | auth(key)).status == expected["w"]
        assert server.get("/api/v1/export", auth(key)).status == expected["r"]
        assert server.get("/metrics", auth(key)).status == expected["r"]
        assert server.get("/api/v1/keys", auth(key)).status == expected["a"]
        assert server.get("/api/public/projects", auth(key)).json()["data"][0]["id"] == "support"
    score = json.dumps({"name": "x", "value": 1, "sessionId": "s"}).encode()
    public = {"Authorization": f"Bearer {writer['public']}"}
    assert server.post("/api/public/scores", score, JSON | public).status == 200
    assert server.post("/v1/traces", BODY, JSON | public).status == 401
    proxied = JSON | {"X-Forwarded-For": "203.0.113.9"}
    assert server.post("/v1/traces", BODY, proxied).status == 401


def check_tenancy(server: Serving, admin: Any, writer: Any) -> None:
    """A project sees its own sessions and keys alone."""
    assert server.post("/v1/traces", request(span("shared id")), JSON | auth(writer)).status == 200
    assert server.post("/v1/traces", request(span("shared id"), span("shared id")), JSON).status == 200
    assert len(server.wait_exported("shared id", 2)) == 2
    reply = server.get("/api/v1/export?session=shared%20id", auth(admin))
    assert reply.body.count(b'"traceId"') == 1
    other = make(server, "other", "write")
    assert other["public"] not in server.get("/api/v1/keys", auth(admin)).body.decode()
    foreign = server.request("DELETE", f"/api/v1/keys?public={other['public']}", None, auth(admin))
    assert foreign.status == 404
    body = json.dumps({"project": "other"}).encode()
    assert server.post("/api/v1/keys", body, JSON | auth(admin)).status == 403
    for wrong in ({"kind": "owner"}, {"project": "A B"}, {"unheard": 1}):
        assert server.post("/api/v1/keys", json.dumps(wrong).encode()).status == 422


def test_a_public_address_refuses_to_start_unprotected(tmp_path: Path) -> None:
    """One line that says what is missing."""
    data = str(tmp_path / "data")
    refused = turnloom("serve", "--data", data, "--port", "0", "--host", "0.0.0.0")  # noqa: S104 (it is what is tested)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "keys create" in refused.stderr
    assert "TURNLOOM_ADMIN_PASSWORD" in refused.stderr


def test_anonymous_can_be_switched_off(tmp_path: Path) -> None:
    """Then this machine needs a key as well."""
    with serving(tmp_path / "data", TURNLOOM_ANONYMOUS="no") as server:
        reply = server.post("/v1/traces", BODY, JSON)
        assert (reply.status, "keys create" in reply.json()["message"]) == (401, True)
        assert server.get("/health").status == 200


def make(server: Serving, project: str, kind: str) -> Any:
    """Make a key."""
    reply = server.post("/api/v1/keys", json.dumps({"project": project, "kind": kind}).encode())
    assert reply.status == 201
    return reply.json()


def auth(key: Any) -> dict[str, str]:
    """The header of a key."""
    return basic(key["public"], key["secret"])


def basic(public: str, secret: str) -> dict[str, str]:
    """A Basic header."""
    return {"Authorization": "Basic " + base64.b64encode(f"{public}:{secret}".encode()).decode()}
