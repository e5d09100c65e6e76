"""What commands print: JSON for programs, tables for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from turnloom.cli.column_widths import column_widths
from turnloom.cli.safe_text import safe_line

CELL_LENGTH_MAX = 60

PIPE_WIDTH = 500
"""For programs that read the table: wide enough for all cells."""


def print_json(value: Any) -> None:
    """Print a value as JSON; control characters are escaped, so that it is safe in a terminal."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True) + "\n")


def print_table(
    columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[object]], *, elastic: Sequence[str] = ()
) -> None:
    """Print a table; in a pipe, and in a terminal that is wide enough, nothing is cut.

    Args:
        columns: (title, whether it holds numbers).
        rows: Cells; None is shown as a dash.
        elastic: Titles of columns that are cut in a narrow terminal; the first ones are left out if need be.
    """
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    cells = [
        [Text("-" if cell is None else safe_line(cell, CELL_LENGTH_MAX)) for cell in row] for row in rows
    ]
    titles = [title for title, _ in columns]
    natural = [
        max([len(title), *(row[index].cell_len for row in cells)]) for index, title in enumerate(titles)
    ]
    widths = column_widths(natural, [titles.index(title) for title in elastic], console.width)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for (title, is_number), width in zip(columns, widths, strict=True):
        if width:
            justify = "right" if is_number else "left"
            table.add_column(
                title,
                justify=justify,
                overflow="ellipsis" if elastic else "fold",
                no_wrap=is_number or bool(elastic),
                width=width if elastic else None,
            )
    for row in cells:
        table.add_row(*[cell for cell, width in zip(row, widths, strict=True) if width])
    console.print(table)


def note(text: str) -> None:
    """Print a line beside the output."""
    sys.stderr.write(f"{text}\n")
