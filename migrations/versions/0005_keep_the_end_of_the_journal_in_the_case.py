"""Keep the end of the journal in the case, and what was passed in the journal; parts that rows tell are dropped."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.domain import canonical

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SYSTEM = "系统"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
VISIT = sa.table(
    "element_visit", sa.column("id"), sa.column("instance_id"), sa.column("element"), sa.column("visited_at", INSTANT)
)
ENTRY = sa.table(
    "journal_entry",
    sa.column("id"),
    sa.column("chain"),
    sa.column("sequence"),
    sa.column("instance_id"),
    sa.column("actor_title"),
    sa.column("action"),
    sa.column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    sa.column("occurred_at", INSTANT),
    sa.column("algorithm"),
    sa.column("previous_hash"),
    sa.column("entry_hash"),
)


def upgrade() -> None:
    op.add_column("process_instance", sa.Column("journal_sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("process_instance", sa.Column("journal_hash", sa.String(64), nullable=False, server_default=""))
    _move_visits_into_the_journal()
    for column, source in (("journal_sequence", "sequence"), ("journal_hash", "entry_hash")):
        op.execute(
            f"UPDATE process_instance SET {column} = (SELECT {source} FROM journal_entry WHERE instance_id ="  # noqa: S608
            " process_instance.id ORDER BY sequence DESC LIMIT 1)"
            " WHERE EXISTS (SELECT 1 FROM journal_entry WHERE instance_id = process_instance.id)"
        )
    op.drop_index("ix_element_visit_instance_id", table_name="element_visit")
    op.drop_table("element_visit")
    op.create_index("ix_work_item_handled", "work_item", ["instance_id", "closed_by_id"])
    op.execute("DELETE FROM participation WHERE capacity IN ('initiated', 'handled')")


def downgrade() -> None:
    op.drop_index("ix_work_item_handled", table_name="work_item")
    started = "SELECT id, initiator_id, 'initiated', started_at FROM process_instance"
    handled = (
        "SELECT instance_id, closed_by_id, 'handled', min(closed_at) FROM work_item"
        " WHERE closed_by_id IS NOT NULL GROUP BY instance_id, closed_by_id"
    )
    for rows in (started, handled):
        op.execute(f"INSERT INTO participation (instance_id, person_id, capacity, created_at) {rows}")
    op.create_table(
        "element_visit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("instance_id", BIG, nullable=False),
        sa.Column("element", sa.String(100), nullable=False),
        sa.Column("visited_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_element_visit_instance_id_process_instance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element_visit")),
    )
    op.create_index("ix_element_visit_instance_id", "element_visit", ["instance_id"])
    _copy_visits_out_of_the_journal()
    op.drop_column("process_instance", "journal_hash")
    op.drop_column("process_instance", "journal_sequence")


def _move_visits_into_the_journal() -> None:
    """Append an entry for each instant at which a case passed elements; no entry of before is touched."""
    connection = op.get_bind()
    told = set(_told(connection))
    visits = connection.execute(sa.select(VISIT).order_by(VISIT.c.instance_id, VISIT.c.id)).all()
    fresh = [visit for visit in visits if (visit.instance_id, visit.element, visit.visited_at) not in told]
    for instance_id, found in groupby(fresh, key=lambda visit: visit.instance_id):
        head = connection.execute(
            sa.select(ENTRY.c.sequence, ENTRY.c.entry_hash)
            .where(ENTRY.c.instance_id == instance_id)
            .order_by(ENTRY.c.sequence.desc())
            .limit(1)
        ).first()
        connection.execute(sa.insert(ENTRY), list(_entries(instance_id, tuple(head or (0, "")), found)))


def _entries(instance_id: int, head: tuple[int, str], visits: Any) -> Iterator[dict[str, Any]]:
    sequence, previous = head
    for instant, passed in groupby(visits, key=lambda visit: visit.visited_at):
        sequence += 1
        content = {
            "chain": f"instance/{instance_id}",
            "sequence": sequence,
            "actor": None,
            "actor_title": SYSTEM,
            "action": "pass",
            "details": {"visited": [visit.element for visit in passed]},
            "occurred_at": _utc(instant).isoformat(),
            "request": [None, None],
            "answer": None,
        }
        entry_hash = canonical.chain(previous, content)
        yield {
            **{name: content[name] for name in ("chain", "sequence", "actor_title", "action", "details")},
            "instance_id": instance_id,
            "occurred_at": instant,
            "algorithm": canonical.SHA256,
            "previous_hash": previous,
            "entry_hash": entry_hash,
        }
        previous = entry_hash


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _copy_visits_out_of_the_journal() -> None:
    connection = op.get_bind()
    for instance_id, element, instant in list(_told(connection)):
        row = {"instance_id": instance_id, "element": element, "visited_at": instant}
        connection.execute(sa.insert(VISIT), row)


def _told(connection: sa.Connection) -> Iterator[tuple[int, str, datetime]]:
    """Yield what the journal tells as passed."""
    entries = sa.select(ENTRY.c.instance_id, ENTRY.c.details, ENTRY.c.occurred_at).where(
        ENTRY.c.instance_id.is_not(None)
    )
    for instance_id, details, instant in connection.execute(entries.order_by(ENTRY.c.id)).all():
        for element in dict(details).get("visited", ()):
            yield instance_id, element, instant
