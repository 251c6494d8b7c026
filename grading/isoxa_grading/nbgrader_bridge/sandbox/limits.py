"""What a submission may use while it runs, and how much the platform takes back from it."""

from __future__ import annotations

from dataclasses import dataclass

from ...records.data_folder import Settings

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; sizes in bytes, times in seconds."""

    seconds: int = 60
    """Wall time of the whole submission, all its notebooks together."""
    cell_seconds: int = 20
    """Wall time of one cell; nbgrader then interrupts it and goes on with the next."""
    memory: int = 1024 * MEGABYTE
    """Memory in use (resident) by all processes of the run together; a watcher ends the run above it."""
    address_space: int = 2048 * MEGABYTE
    """Address space of one process (RLIMIT_AS); Python raises MemoryError above it."""
    processes: int = 32
    """Processes at one time; a watcher ends the run above it."""
    threads: int = 96
    """Threads and processes together (RLIMIT_NPROC), which stops a fork bomb before the watcher looks."""
    file_size: int = 20 * MEGABYTE
    """Largest file it may write (RLIMIT_FSIZE)."""
    disk: int = 64 * MEGABYTE
    """All it may write together: the size of its folder in memory."""
    submission_size: int = 30 * MEGABYTE
    """Largest submission (all files together) that is read at all."""
    submission_files: int = 50
    """Most files of a submission."""
    output_size: int = 200_000
    """Characters kept of one output in the autograded notebook."""
    notebook_size: int = 4 * MEGABYTE
    """Largest autograded notebook that is kept with its outputs."""


def limits_from(settings: Settings) -> Limits:
    """The limits an administrator set in ``isoxa.toml``."""
    memory = settings.sandbox_memory_mb * MEGABYTE
    return Limits(
        seconds=settings.sandbox_seconds,
        cell_seconds=max(1, settings.sandbox_seconds // 3),
        memory=memory,
        # A Python kernel reserves several hundred megabytes of addresses that it never fills.
        address_space=memory + 1024 * MEGABYTE,
    )
