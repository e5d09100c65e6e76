"""Every dialect of instrumentation into one canonical span (pure, standard library only)."""

from turnloom.vocabulary.references import restore_attributes, restore_events
from turnloom.vocabulary.table import TABLE, M, Table
from turnloom.vocabulary.vocabulary import DEFAULT, Vocabulary

__all__ = [
    "DEFAULT",
    "TABLE",
    "M",
    "Table",
    "Vocabulary",
    "canonical",
    "describe",
    "restore_attributes",
    "restore_events",
]

canonical = DEFAULT.canonical
describe = DEFAULT.describe
