"""Index of work items, requests, messages and timers only those that are looked for: a step writes fewer pages."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# By name: the table, the columns, and the condition, as they were and as they are.
BEFORE: dict[str, tuple[str, list[str], str | None]] = {
    "ix_work_item_assignee": ("work_item", ["assignee_id", "status", "due_at", "id"], "assignee_id IS NOT NULL"),
    "ix_work_item_queue": (
        "work_item",
        ["organization_id", "role", "status", "due_at", "id"],
        "assignee_id IS NULL",
    ),
    "ix_work_item_instance": ("work_item", ["instance_id", "status"], None),
    "ix_work_item_collective": ("work_item", ["collective_id", "status"], "collective_id IS NOT NULL"),
    "ix_work_item_closed_by": ("work_item", ["closed_by_id", "closed_at"], None),
    "ix_outbox_message_pending": ("outbox_message", ["done_at", "available_at"], None),
    "ix_timer_due": ("timer", ["fired_at", "due_at"], None),
}
AFTER: dict[str, tuple[str, list[str], str | None]] = {
    "ix_work_item_assignee": (
        "work_item",
        ["assignee_id", "due_at", "id"],
        "status = 'open' AND assignee_id IS NOT NULL",
    ),
    "ix_work_item_queue": (
        "work_item",
        ["organization_id", "role", "due_at", "id"],
        "status = 'open' AND assignee_id IS NULL",
    ),
    "ix_work_item_instance": ("work_item", ["instance_id"], None),
    "ix_work_item_collective": ("work_item", ["collective_id"], "collective_id IS NOT NULL"),
    "ix_work_item_closed_by": ("work_item", ["closed_by_id", "closed_at"], "closed_by_id IS NOT NULL"),
    "ix_outbox_message_pending": ("outbox_message", ["available_at", "id"], "done_at IS NULL"),
    "ix_timer_due": ("timer", ["due_at"], "fired_at IS NULL"),
}
REQUEST = "ix_journal_entry_request"
HAS_KEY = sa.text("idempotency_key IS NOT NULL")


def upgrade() -> None:
    _index_anew(AFTER)
    with op.batch_alter_table("journal_entry") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_journal_entry_actor_id_idempotency_key"), type_="unique")
    op.create_index(
        REQUEST,
        "journal_entry",
        ["actor_id", "idempotency_key"],
        unique=True,
        sqlite_where=HAS_KEY,
        postgresql_where=HAS_KEY,
    )


def downgrade() -> None:
    op.drop_index(REQUEST, table_name="journal_entry")
    with op.batch_alter_table("journal_entry") as batch_op:
        name = batch_op.f("uq_journal_entry_actor_id_idempotency_key")
        batch_op.create_unique_constraint(name, ["actor_id", "idempotency_key"])
    _index_anew(BEFORE)


def _index_anew(indexes: dict[str, tuple[str, list[str], str | None]]) -> None:
    for name, (table, columns, condition) in indexes.items():
        where = None if condition is None else sa.text(condition)
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
