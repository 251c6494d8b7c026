"""Memory and processor time of a server: of its process and all that it started (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def fields_of(stat: str) -> list[str]:
    """What ``/proc/PID/stat`` says after the name, which may hold spaces and brackets: state, parent, …"""
    return stat.rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """The process and its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                parent = int(fields_of((entry / "stat").read_text())[1])
            except OSError:  # it has ended meanwhile
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for one in found:
        found += parents.get(one, [])
    return found


def pss_of(rollup: str) -> int:
    """Kilobytes of proportional set size in ``smaps_rollup``: shared pages are divided among those who share them."""
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def pss_mb(root: int) -> float:
    """Of the whole tree, in MB (1,024 × 1,024 bytes)."""
    found = 0
    for one in tree(root):
        try:
            found += pss_of((_PROC / str(one) / "smaps_rollup").read_text())
        except OSError:
            continue
    return found / 1024


def processor_seconds(root: int) -> float:
    """What the tree has used so far, with those of its processes that have ended and been waited for."""
    ticks = 0
    for one in tree(root):
        try:
            fields = fields_of((_PROC / str(one) / "stat").read_text())
        except OSError:
            continue
        ticks += sum(int(value) for value in fields[11:15])
    return ticks / _TICKS


def load() -> float:
    """How many processes wanted the processors in the last minute."""
    return round(os.getloadavg()[0], 2)
