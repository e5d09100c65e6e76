"""One process per data folder."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from turnloom.server.store.errors import DataFolderInUseError


@contextmanager
def hold_folder(folder: Path, name: str) -> Generator[None]:
    """Hold a data folder; the operating system lets go of it when the process ends, however it ends.

    Args:
        folder: The data folder; made when missing.
        name: What to tell the next process that wants it.

    Raises:
        DataFolderInUseError: Another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 500, 0).decode(errors="replace").strip()
            raise DataFolderInUseError(str(folder), holder) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {name}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
