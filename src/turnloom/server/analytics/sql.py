"""SQL in files beside the questions; what is filled in is made by the code, never by a request."""

from functools import cache
from importlib.resources import files
from string import Template


@cache
def load(name: str) -> Template:
    """The statement of a question, with `$…` where conditions, columns and order go.

    Args:
        name: File name without `.sql`.
    """
    text = (files("turnloom.server.analytics") / f"{name}.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return Template("\n".join(lines).strip())
