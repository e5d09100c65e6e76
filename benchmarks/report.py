"""The table of a benchmark: what was wanted, what was measured."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One figure that is measured."""

    key: str
    text: str
    unit: str
    at_most: float | None = None
    """The target; None where there is none."""


def machine() -> str:
    """What the figures were measured on."""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {system}"


def table(lines: Sequence[Line], measured: Mapping[str, float]) -> str:
    """A table of what was measured, with its targets.

    Args:
        lines: What to show, in order; what was not measured is left out.
        measured: Figures by key.
    """
    rows = [
        (
            line.text,
            _target(line),
            f"{show(measured[line.key])} {line.unit}".strip(),
            _verdict(line, measured[line.key]),
        )
        for line in lines
        if line.key in measured
    ]
    return columns([("", "target", "measured", ""), *rows])


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned text: the first column to the left, the others to the right."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def show(value: float) -> str:
    """A figure with three significant digits or more."""
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def as_json(what: Mapping[str, object], measured: Mapping[str, object]) -> str:
    """The same for programs."""
    return json.dumps({"machine": machine(), **what, "measured": measured}, indent=2)


def _target(line: Line) -> str:
    return "" if line.at_most is None else f"≤ {line.at_most:g} {line.unit}"


def _verdict(line: Line, value: float) -> str:
    if line.at_most is None:
        return ""
    return "kept" if value <= line.at_most else "MISSED"
