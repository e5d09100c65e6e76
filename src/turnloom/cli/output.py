"""What commands print: JSON for programs, tables for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from turnloom.cli.safe_text import safe_line

CELL_LENGTH_MAX = 60


def print_json(value: Any) -> None:
    """Print a value as JSON; control characters are escaped, so that it is safe in a terminal."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True) + "\n")


def print_table(columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[object]]) -> None:
    """Print a table.

    Args:
        columns: (title, whether it holds numbers).
        rows: Cells; None is shown as a dash.
    """
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title, is_number in columns:
        table.add_column(title, justify="right" if is_number else "left", no_wrap=is_number)
    for row in rows:
        table.add_row(*[Text("-" if cell is None else safe_line(cell, CELL_LENGTH_MAX)) for cell in row])
    Console().print(table)


def note(text: str) -> None:
    """Print a line beside the output."""
    sys.stderr.write(f"{text}\n")
