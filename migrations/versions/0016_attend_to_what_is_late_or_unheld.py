"""Say when a task is looked at next, to which position it was escalated, and whether nobody holds it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_work_item_attention", ["attention_at", "id"], "status = 'open' AND attention_at IS NOT NULL"),
    ("ix_work_item_escalated", ["organization_id", "escalated_to"], "status = 'open' AND escalated_to IS NOT NULL"),
    ("ix_work_item_unheld", ["organization_id", "id"], "status = 'open' AND is_unheld"),
)


def upgrade() -> None:
    op.add_column("work_item", sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_item", sa.Column("escalated_to", sa.String(40), nullable=True))
    op.add_column("work_item", sa.Column("is_unheld", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("work_item", "is_unheld", server_default=None)
    for name, columns, where in INDEXES:
        condition = sa.text(where)
        op.create_index(name, "work_item", columns, sqlite_where=condition, postgresql_where=condition)
    # What is open already is looked at when it is due; from there on like any other.
    op.execute(
        "UPDATE work_item SET attention_at = due_at"
        " WHERE status = 'open' AND due_at IS NOT NULL AND collective_id IS NULL"
    )


def downgrade() -> None:
    for name, _columns, _where in INDEXES:
        op.drop_index(name, table_name="work_item")
    for column in ("is_unheld", "escalated_to", "attention_at"):
        op.drop_column("work_item", column)
