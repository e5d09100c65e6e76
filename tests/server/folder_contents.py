"""Everything that a data folder holds, read by a process of its own: chDB has one folder a process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

QUESTIONS = {
    "spans": "SELECT trace_id, span_id FROM spans FINAL ORDER BY ALL",
    "spans_by_session": "SELECT session_id, count() FROM spans FINAL GROUP BY session_id",
    "traces": "SELECT trace_id, spans_count FROM traces FINAL",
    "turns": "SELECT session_id, start_us, number, input_tokens, output_tokens FROM turns FINAL"
    " WHERE number IS NOT NULL ORDER BY session_id, start_us",
    "sessions": "SELECT session_id, spans_count, turns_count, traces_count, input_tokens, output_tokens"
    " FROM sessions FINAL",
    "tables": "SELECT name, sorting_key FROM system.tables WHERE database = 'turnloom'",
}

PROGRAM = """
import json, sys
from pathlib import Path
from turnloom.server.store.engine import Engine
engine = Engine.open_embedded(Path(sys.argv[1]) / "events")
found = {name: engine.query(sql) for name, sql in json.loads(sys.argv[2]).items()}
found["surviving"] = []
for table, key in found["tables"]:
    engine.command(f"OPTIMIZE TABLE {table} FINAL")
    found["surviving"].append([table, *engine.query(f"SELECT count(), uniqExact({key}) FROM {table}")[0]])
print(json.dumps(found))
engine.close()
"""


def read_stored(folder: Path) -> dict[str, Any]:
    """Rows of the tables, and after a merge of each (table, rows, keys)."""
    command = [sys.executable, "-c", PROGRAM, str(folder), json.dumps(QUESTIONS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
