"""The yardstick: stock SpiffWorkflow that keeps its whole-workflow JSON in one row, over the bare driver."""

import sqlite3
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Protocol

import psycopg
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

from bench.databases import Database
from bench.diagrams import Drawing


class Rows(Protocol):
    """One row a workflow."""

    def add(self, body: str) -> int:
        """Insert a row in a commit of its own and return its id."""

    def read(self, row: int) -> str:
        """Return the body of a row."""

    def write(self, row: int, body: str) -> None:
        """Change a row in a commit of its own."""

    def close(self) -> None:
        """Close the connection."""


class SQLiteRows:
    """Rows in a file of their own, with the settings of the product."""

    def __init__(self, path: str) -> None:
        self._link = sqlite3.connect(path, isolation_level=None)
        self._link.execute("PRAGMA journal_mode=WAL")
        self._link.execute("PRAGMA synchronous=FULL")
        self._link.execute("CREATE TABLE IF NOT EXISTS workflow (id INTEGER PRIMARY KEY, body TEXT)")

    def add(self, body: str) -> int:
        """Insert a row."""
        return int(self._link.execute("INSERT INTO workflow (body) VALUES (?)", (body,)).lastrowid or 0)

    def read(self, row: int) -> str:
        """Read a row."""
        return str(self._link.execute("SELECT body FROM workflow WHERE id = ?", (row,)).fetchone()[0])

    def write(self, row: int, body: str) -> None:
        """Change a row under the write lock."""
        self._link.execute("BEGIN IMMEDIATE")
        self._link.execute("UPDATE workflow SET body = ? WHERE id = ?", (body, row))
        self._link.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._link.close()


class PostgreSQLRows:
    """Rows in a table of their own."""

    def __init__(self, url: str) -> None:
        self._link = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._link.execute("CREATE TABLE IF NOT EXISTS workflow (id bigserial PRIMARY KEY, body text)")

    def add(self, body: str) -> int:
        """Insert a row."""
        found = self._link.execute("INSERT INTO workflow (body) VALUES (%s) RETURNING id", (body,)).fetchone()
        return int(found[0]) if found else 0

    def read(self, row: int) -> str:
        """Read a row."""
        found = self._link.execute("SELECT body FROM workflow WHERE id = %s", (row,)).fetchone()
        return str(found[0]) if found else ""

    def write(self, row: int, body: str) -> None:
        """Change a row in a transaction."""
        with self._link.transaction():
            self._link.execute("UPDATE workflow SET body = %s WHERE id = %s", (body, row))

    def close(self) -> None:
        """Close the connection."""
        self._link.close()


class Stock:
    """A process as SpiffWorkflow's own documentation keeps it: parsed once, its state whole in a row."""

    def __init__(self, database: Database, drawing: Drawing) -> None:
        is_file = database.engine.dialect.name == "sqlite"
        self._rows: Rows = (
            SQLiteRows(f"{database.folder}/yardstick.sqlite3") if is_file else PostgreSQLRows(database.url)
        )
        database.held.callback(self._rows.close)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
        parser = SpiffBpmnParser()
        parser.add_bpmn_io(BytesIO(drawing.plain().encode()))
        self._spec = parser.get_spec(drawing.key)

    def start(self, data: Mapping[str, Any]) -> int:
        """Create a workflow, run it to its first task, and keep it."""
        workflow = BpmnWorkflow(self._spec)
        workflow.data.update(data)
        workflow.do_engine_steps()
        return self._rows.add(self._serializer.serialize_json(workflow))

    def copies(self, row: int, number: int) -> Iterator[int]:
        """Yield rows that say the same as a row."""
        body = self._rows.read(row)
        for _ in range(number):
            yield self._rows.add(body)

    def step(self, row: int, data: Mapping[str, Any]) -> bool:
        """Select, restore, refresh, complete the waiting task, dump, update, commit; tell whether it ended."""
        workflow = self._serializer.deserialize_json(self._rows.read(row))
        workflow.refresh_timers()
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update(data)
        task.run()
        workflow.do_engine_steps()
        self._rows.write(row, self._serializer.serialize_json(workflow))
        return bool(workflow.completed)
