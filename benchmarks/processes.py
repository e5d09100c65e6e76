"""CPU time and memory of a process and all its children, from /proc, or from ps where there is none."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process tree has used."""

    cpu_s: float
    """User and system time, of children that have ended too."""
    rss_bytes: int
    """Resident memory now; pages that processes share are counted in each."""


def usage(pid: int) -> Usage:
    """What a process and its children have used so far."""
    rows = _from_proc() if (PROC / "self" / "stat").exists() else _from_ps()
    tree = _tree(pid, {child: row[0] for child, row in rows.items()})
    return Usage(sum(rows[each][1] for each in tree), sum(rows[each][2] for each in tree))


def pin(core: int) -> None:
    """Keep this process, and what it starts, on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def _tree(root: int, parents: dict[int, int]) -> list[int]:
    tree = [root]
    for pid in tree:
        tree.extend(child for child, parent in parents.items() if parent == pid)
    return tree


def _from_proc() -> dict[int, tuple[int, float, int]]:
    """(parent, CPU seconds, resident bytes) by process id."""
    tick_s = 1 / os.sysconf("SC_CLK_TCK")
    page_bytes = os.sysconf("SC_PAGE_SIZE")
    rows: dict[int, tuple[int, float, int]] = {}
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            text = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
        fields = text[text.rindex(")") + 2 :].split()
        ticks = sum(int(value) for value in fields[11:15])
        rows[int(folder.name)] = (int(fields[1]), ticks * tick_s, int(fields[21]) * page_bytes)
    return rows


def _from_ps() -> dict[int, tuple[int, float, int]]:
    answer = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,rss=,time="], capture_output=True, text=True, check=True
    )
    rows: dict[int, tuple[int, float, int]] = {}
    for line in answer.stdout.splitlines():
        pid, parent, rss_kib, time = line.split()
        rows[int(pid)] = (int(parent), _seconds(time), int(rss_kib) * 1024)
    return rows


def _seconds(text: str) -> float:
    """Seconds of `[days-][hours:]minutes:seconds`."""
    total = 0.0
    for factor, part in zip((1, 60, 3_600, 86_400), reversed(re.split("[-:]", text)), strict=False):
        total += factor * float(part)
    return total
