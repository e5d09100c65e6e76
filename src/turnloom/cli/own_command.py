"""What to type to call this program again."""

import os
import shutil
import sys
from pathlib import Path


def own_command() -> str:
    """`turnloom` where that is this program, else its path from the working directory."""
    called = Path(sys.argv[0])
    found = shutil.which("turnloom")
    if found is not None and called.exists() and Path(found).samefile(called):
        return "turnloom"
    if not called.exists():
        return "turnloom"
    path = os.path.relpath(called)
    return str(called) if path.startswith("..") else path
