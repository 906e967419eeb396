"""Give districts a day by which they sum up, and look every day at who is late."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("filing_run", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("filing_run", sa.Column("looked_on", sa.Date(), nullable=True))
    op.execute("UPDATE filing_run SET looked_on = CURRENT_DATE")
    with op.batch_alter_table("filing_run") as batch:
        batch.alter_column("looked_on", nullable=False)


def downgrade() -> None:
    op.drop_column("filing_run", "looked_on")
    op.drop_column("filing_run", "due_on")
