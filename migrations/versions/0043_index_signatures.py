"""Let a deputy's signatures be found without looking at all that waits for the position."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_work_item_signature", "work_item"
WAITING = sa.text("status = 'open' AND assignee_id IS NULL AND is_signature")


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["organization_id", "role"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
