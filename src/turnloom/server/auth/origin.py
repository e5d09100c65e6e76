"""Whether a request was made on purpose, or by a web page that the developer happens to visit.

A page elsewhere can make a browser send requests to this machine (DNS rebinding, forms, no-cors
fetches). It cannot choose `Host` and `Origin`, nor send a content type that needs a preflight.
"""

from collections.abc import Mapping
from ipaddress import ip_address

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

FORM_TYPES = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
"""What a form or a no-cors fetch can send; "" is a request without a content type."""

FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that tell of a proxy: the request may come from anywhere."""


def host_name(host: str) -> str:
    """The name in a `Host` header, its port aside, lower-case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".")


def allowed_names(host: str, configured: str) -> frozenset[str]:
    """Names that a `Host` header may carry.

    Args:
        host: Address the server listens on; allowed unless it means all addresses.
        configured: Further names, comma-separated.
    """
    names = {host_name(name) for name in configured.split(",") if name.strip()}
    if host not in {"0.0.0.0", "::", ""}:  # noqa: S104 (means all addresses, not a name)
        names.add(f"[{host}]" if ":" in host else host.lower())
    return LOCAL_NAMES | names


def host_fault(host: str, names: frozenset[str]) -> str | None:
    """Why a `Host` header is refused, or None."""
    if host_name(host) in names:
        return None
    return (
        f"Host is {host[:100]!r}; expected one of {', '.join(sorted(names))}. "
        "If this server is meant by that name, add it to TURNLOOM_ALLOWED_HOSTS"
    )


def origin_fault(method: str, origin: str | None, host: str) -> str | None:
    """Why an `Origin` header is refused on something that is no mere reading, or None."""
    if method in SAFE_METHODS or origin is None:
        return None
    if origin.lower().partition("://")[2] == host.strip().lower():
        return None
    return f"Origin is {origin[:100]!r}; expected none or this server's own: other pages may not send here"


def content_fault(method: str, content_type: str) -> str | None:
    """Why a content type is refused because a foreign page could have sent it, or None."""
    if method in SAFE_METHODS or method == "DELETE":  # browsers ask before they send DELETE
        return None
    if content_type.partition(";")[0].strip().lower() not in FORM_TYPES:
        return None
    given = repr(content_type[:80]) if content_type else "missing"
    return f"Content-Type is {given}; expected application/json, or application/x-protobuf for OTLP"


def is_from_here(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request was made on this machine: by a loopback peer, by a local name, through no proxy."""
    if peer is None or any(name in headers for name in FORWARDED):
        return False
    try:
        return ip_address(peer).is_loopback and host_name(headers.get("host", "")) in LOCAL_NAMES
    except ValueError:
        return False
