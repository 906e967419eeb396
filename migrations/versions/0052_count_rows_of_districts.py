"""Keep of each filed row when it came to its district, so that its lateness is its own."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

BATCH = sa.table("filing_batch", *map(sa.column, ("id", "district_run_id", "city_run_id", "submitted_at")))
ROW = sa.table("filing_row", sa.column("batch_id"), sa.column("status"), sa.column("came_on", sa.Date))


def upgrade() -> None:
    op.add_column("filing_row", sa.Column("came_on", sa.Date(), nullable=True))
    # Of lists of which nothing has gone up; of others nobody wrote down which rows had.
    never_up = BATCH.c.district_run_id.is_not(None), BATCH.c.city_run_id.is_(None)
    came = sa.select(sa.func.date(BATCH.c.submitted_at)).where(BATCH.c.id == ROW.c.batch_id).scalar_subquery()
    chosen = ROW.c.batch_id.in_(sa.select(BATCH.c.id).where(*never_up)), ROW.c.status.not_in(("refused", "effective"))
    op.execute(sa.update(ROW).where(*chosen).values(came_on=came))


def downgrade() -> None:
    op.drop_column("filing_row", "came_on")
