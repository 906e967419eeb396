"""Index what is assigned and what waits in queues apart.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_work_item_assignee", table_name="work_item")
    op.drop_index("ix_work_item_candidates", table_name="work_item")
    _create("ix_work_item_assignee", ["assignee_id", "status", "due_at", "id"], "assignee_id IS NOT NULL")
    _create("ix_work_item_queue", ["organization_id", "role", "status", "due_at", "id"], "assignee_id IS NULL")


def downgrade() -> None:
    op.drop_index("ix_work_item_queue", table_name="work_item")
    op.drop_index("ix_work_item_assignee", table_name="work_item")
    op.create_index("ix_work_item_candidates", "work_item", ["organization_id", "role", "status", "due_at"])
    op.create_index("ix_work_item_assignee", "work_item", ["assignee_id", "status", "due_at"])


def _create(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "work_item", columns, sqlite_where=condition, postgresql_where=condition)
