"""Patterns of `like`: `*` is any text, `?` is any one character."""


def like_pattern(pattern: str) -> str:
    """The engine's pattern.

    Args:
        pattern: With `*` and `?`.

    Returns:
        With `%` and `_`, and what the engine would take for one of them escaped.
    """
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")


def prefix_of(pattern: str) -> str | None:
    """What everything that matches begins with, if that is all the pattern says.

    Args:
        pattern: With `*` and `?`.

    Returns:
        The text before the only `*`, at the end; else None. A prefix of a key is a range of it.
    """
    prefix = pattern[:-1]
    return prefix if pattern.endswith("*") and not set("*?") & set(prefix) else None
