"""Start what the platform starts once; drop indexes that steps write and nobody reads."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("process_instance") as batch_op:
        batch_op.add_column(sa.Column("start_key", sa.String(128), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_process_instance_start_key"), ["start_key"])
    op.drop_index("ix_journal_entry_instance", table_name="journal_entry")
    op.drop_index("ix_journal_entry_organization_id", table_name="journal_entry")
    op.drop_index("ix_submission_work_item_id", table_name="submission")
    op.drop_index("ix_work_item_handled", table_name="work_item")


def downgrade() -> None:
    op.create_index("ix_work_item_handled", "work_item", ["instance_id", "closed_by_id"])
    op.create_index("ix_submission_work_item_id", "submission", ["work_item_id"])
    op.create_index("ix_journal_entry_organization_id", "journal_entry", ["organization_id"])
    op.create_index("ix_journal_entry_instance", "journal_entry", ["instance_id", "sequence"])
    with op.batch_alter_table("process_instance") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_process_instance_start_key"), type_="unique")
        batch_op.drop_column("start_key")
