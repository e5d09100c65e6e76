"""The demo's own data folder: nothing else is ever sent to or removed."""

import shutil
from pathlib import Path

from turnloom.server.store.lock import hold_folder

DEFAULT_FOLDER = Path.home() / ".turnloom-demo"

MARK = "demo"
"""The file that says that a folder is the demo's, and how far the samples got."""

SENDING, SENT = "sending\n", "sent\n"


class NotADemoFolderError(Exception):
    """A folder that the demo has not made; the message says what to do.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds something that is not the demo's; give another folder with --data, "
            "or use `turnloom serve` for data of your own"
        )


def claim(folder: Path) -> bool:
    """Make the folder the demo's.

    Args:
        folder: An empty or missing folder, or one of an earlier demo.

    Returns:
        Whether the samples have to be sent: not when an earlier demo has done so.

    Raises:
        NotADemoFolderError: It holds something else.
        DataFolderInUseError: A demo runs on it.
    """
    _refuse_others(folder)
    if _mark(folder) == SENT:
        return False
    clear(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).write_text(SENDING)
    return True


def note_sent(folder: Path) -> None:
    """Note that all samples are there: the next demo goes on with them."""
    (folder / MARK).write_text(SENT)


def clear(folder: Path) -> bool:
    """Remove the folder and all that is in it.

    Returns:
        Whether there was anything.

    Raises:
        NotADemoFolderError: It is not the demo's.
        DataFolderInUseError: A demo runs on it.
    """
    _refuse_others(folder)
    if _mark(folder) is None:
        return False
    shutil.rmtree(folder)
    return True


def _refuse_others(folder: Path) -> None:
    """Refuse a folder of somebody else, and one that a demo has at the moment."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if _mark(folder) is None:
        raise NotADemoFolderError(folder)
    with hold_folder(folder, "which is starting"):
        pass


def _mark(folder: Path) -> str | None:
    try:
        return (folder / MARK).read_text()
    except (FileNotFoundError, NotADirectoryError):
        return None
