"""Projects in the control database."""

import time
from dataclasses import dataclass

from sqlalchemy import text

from turnloom.server.store.control import Control


@dataclass(frozen=True, slots=True)
class Project:
    """What belongs together: its sessions are seen by its keys alone."""

    id: str
    name: str
    created_us: int


def list_projects(control: Control) -> list[Project]:
    """All projects, oldest first."""
    with control.transaction() as connection:
        rows = connection.execute(text("SELECT id, name, created_us FROM projects ORDER BY created_us, id"))
        return [Project(*row) for row in rows]


def add_project(control: Control, project_id: str, name: str) -> bool:
    """Add a project.

    Returns:
        False when one with this id is there already; it is left as it is.
    """
    values = {"id": project_id, "name": name, "created_us": time.time_ns() // 1000}
    with control.transaction() as connection:
        done = connection.execute(
            text("INSERT INTO projects VALUES (:id, :name, :created_us) ON CONFLICT (id) DO NOTHING"), values
        )
        return done.rowcount > 0
