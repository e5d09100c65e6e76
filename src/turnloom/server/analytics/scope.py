"""The condition that every read of a table begins with, sub-queries included."""

PROJECT = "project = {project:String}"


def among(column: str, table: str, conditions: str) -> str:
    """Select by what the rows of another table of the project have in the same column.

    Args:
        column: Its name in both tables.
        table: The other table.
        conditions: Over its columns.
    """
    return f"({column} IN (SELECT {column} FROM {table} FINAL WHERE {PROJECT} AND {conditions}))"  # noqa: S608 (names of ours; values are bound)
