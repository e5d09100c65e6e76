"""What a page elsewhere can make a browser send is refused."""

import pytest

from turnloom.server.auth.origin import allowed_names, content_fault, host_fault, is_from_here, origin_fault


@pytest.mark.parametrize(
    ("listens", "configured", "host", "allowed"),
    [
        ("127.0.0.1", "", "localhost:4318", True),
        ("127.0.0.1", "", "127.0.0.1", True),
        ("127.0.0.1", "", "[::1]:4318", True),
        ("127.0.0.1", "", "LocalHost.", True),
        ("127.0.0.1", "", "evil.example", False),
        ("127.0.0.1", "", "localhost.evil.example", False),
        ("127.0.0.1", "", "", False),
        ("127.0.0.1", "", "127.0.0.2", False),
        ("127.0.0.1", "turnloom.example, b.example:80", "Turnloom.Example:443", True),
        ("127.0.0.1", "turnloom.example, b.example:80", "b.example", True),
        ("0.0.0.0", "", "192.168.1.5:4318", False),  # noqa: S104 (it is what is tested)
        ("192.168.1.5", "", "192.168.1.5:4318", True),
        ("fe80::1", "", "[fe80::1]:4318", True),
    ],
)
def test_a_host_is_local_or_configured(listens: str, configured: str, host: str, allowed: bool) -> None:
    """DNS rebinding sends a name of its own."""
    assert (host_fault(host, allowed_names(listens, configured)) is None) is allowed


@pytest.mark.parametrize(
    ("method", "origin", "allowed"),
    [
        ("POST", None, True),
        ("POST", "http://localhost:4318", True),
        ("POST", "https://localhost:4318", True),
        ("POST", "http://localhost:3000", False),
        ("POST", "http://localhost", False),
        ("POST", "null", False),
        ("POST", "", False),
        ("DELETE", "https://evil.example", False),
        ("GET", "https://evil.example", True),
    ],
)
def test_an_origin_is_our_own(method: str, origin: str | None, allowed: bool) -> None:
    """Reading is left to the browser's own rule: no CORS header is ever sent."""
    assert (origin_fault(method, origin, "localhost:4318") is None) is allowed


@pytest.mark.parametrize(
    ("method", "content_type", "allowed"),
    [
        ("POST", "application/json", True),
        ("POST", "application/x-protobuf; a=b", True),
        ("POST", "", False),
        ("POST", " ; charset=utf-8", False),
        ("PUT", "text/plain;charset=UTF-8", False),
        ("POST", "Multipart/Form-Data; boundary=x", False),
        ("PATCH", "application/x-www-form-urlencoded", False),
        ("DELETE", "", True),
        ("GET", "", True),
    ],
)
def test_a_content_type_needs_a_preflight(method: str, content_type: str, allowed: bool) -> None:
    """What forms and no-cors fetches can send is refused."""
    assert (content_fault(method, content_type) is None) is allowed


@pytest.mark.parametrize(
    ("peer", "headers", "here"),
    [
        ("127.0.0.1", {"host": "localhost:4318"}, True),
        ("::1", {"host": "[::1]:4318"}, True),
        ("192.168.1.9", {"host": "localhost"}, False),
        ("127.0.0.1", {"host": "turnloom.example"}, False),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "1.2.3.4"}, False),
        ("127.0.0.1", {"host": "localhost", "via": "1.1 proxy"}, False),
        (None, {"host": "localhost"}, False),
        ("testclient", {"host": "localhost"}, False),
    ],
)
def test_a_proxy_makes_a_request_foreign(peer: str | None, headers: dict[str, str], here: bool) -> None:
    """Behind a proxy on this machine every peer is 127.0.0.1."""
    assert is_from_here(peer, headers) is here
