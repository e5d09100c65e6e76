"""What the server should come to for the samples."""

from collections.abc import Iterable, Mapping
from typing import Any

from turnloom.demo.samples import SAMPLES
from turnloom.demo.script import Sitting, Think, Use, calls_count


def incomplete(listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """Find samples that are not all there yet.

    Args:
        listed: Sessions as the API lists them.

    Returns:
        Ids of the samples that are missing or lack something, in the order of the script.
    """
    found = {each["id"]: each for each in listed}
    return [each.id for each in SAMPLES if not _is_complete(each, found.get(each.id))]


def _is_complete(sitting: Sitting, session: Mapping[str, Any] | None) -> bool:
    return session is not None and (
        session["turns_count"] == sitting.turns_count
        and session["llm_calls"] == calls_count(sitting, Think)
        and session["tool_calls"] == calls_count(sitting, Use)
        and (session["satisfaction"] is not None) == sitting.is_rated
        and (session["end_reason"] == sitting.ends or sitting.ends is None)
    )
