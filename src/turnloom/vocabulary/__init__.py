"""Every dialect of instrumentation into one canonical span (pure, standard library only)."""

from turnloom.vocabulary.records import RawRecord, canonical_records
from turnloom.vocabulary.references import restore_attributes, restore_events
from turnloom.vocabulary.table import TABLE, M, Table
from turnloom.vocabulary.vocabulary import DEFAULT, FLAGS_KEY, Vocabulary

__all__ = [
    "DEFAULT",
    "FLAGS_KEY",
    "TABLE",
    "M",
    "RawRecord",
    "Table",
    "Vocabulary",
    "canonical",
    "canonical_records",
    "describe",
    "restore_attributes",
    "restore_events",
]

canonical = DEFAULT.canonical
describe = DEFAULT.describe
