"""Tables fit into terminals."""

import pytest

from turnloom.cli.column_widths import column_widths

NATURAL = [20, 48, 26, 5, 5, 6, 6, 8]


@pytest.mark.parametrize(
    ("total", "title", "user"),
    [(40, 14, 0), (80, 18, 0), (100, 18, 18), (120, 30, 26), (150, 48, 26), (500, 48, 26)],
)
def test_texts_give_way(total: int, title: int, user: int) -> None:
    """First they are cut, evenly, then the first is left out; numbers and ids stay whole."""
    assert column_widths(NATURAL, (2, 1), total) == [20, title, user, 5, 5, 6, 6, 8]


def test_a_table_without_elastic_columns_stays() -> None:
    """However narrow the terminal is."""
    assert column_widths([10, 30], (), 20) == [10, 30]
