"""What the event store takes on disk without the parts that merges have replaced.

`python -m benchmarks.parts DATA` prints bytes; the server on that folder must be stopped.
"""

import sys
from pathlib import Path

from turnloom.server.store.engine import Engine


def main() -> None:
    """Print the bytes of all parts in force."""
    engine = Engine.open_embedded(Path(sys.argv[1]) / "events")
    rows = engine.query(
        "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = {database:String}",
        {"database": engine.database},
    )
    print(rows[0][0])
    engine.close()


if __name__ == "__main__":
    main()
