"""Remind schools of the day by which their lists of ranks are filed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("rank_review", sa.Column("remind_on", JSON, nullable=False, server_default="[-10, -3, 0, 3]"))
    op.add_column("rank_review", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    # What runs is looked at by the next tick.
    op.execute("UPDATE rank_review SET remind_at = CURRENT_TIMESTAMP WHERE ended_at IS NULL AND filed_at IS NULL")
    with op.batch_alter_table("rank_review") as batch:
        batch.alter_column("remind_on", server_default=None)
        batch.create_index("ix_rank_review_remind_at", ["remind_at"])


def downgrade() -> None:
    op.drop_index("ix_rank_review_remind_at", table_name="rank_review")
    op.drop_column("rank_review", "remind_at")
    op.drop_column("rank_review", "remind_on")
