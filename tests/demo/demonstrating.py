"""The real `turnloom demo` as a process on a free port."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import COMMAND, STOP_S, Serving, clean_environment

LAST_LINE = "Turnloom demo: "


@contextmanager
def demonstrating(folder: Path, **variables: str) -> Iterator[Serving]:
    """Run the demo until its list is printed."""
    with (folder.parent / f"{folder.name}.log").open("w") as log:
        process = subprocess.Popen(
            [COMMAND, "demo", "--data", str(folder), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            env=clean_environment(**variables),
            text=True,
        )
    assert process.stdout is not None
    try:
        printed = ""
        while not printed.startswith(LAST_LINE):
            printed = process.stdout.readline()
            assert printed, Path(log.name).read_text()
        yield Serving(printed.removeprefix(LAST_LINE).strip(), folder, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_S)
        process.stdout.close()
