"""Ask an office about an objection, where any who hold it may take it."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("objection") as table:
        table.add_column(sa.Column("office", sa.String(40)))


def downgrade() -> None:
    with op.batch_alter_table("objection") as table:
        table.drop_column("office")
