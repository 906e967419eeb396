"""Keep what bureaus call the ranks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("rank_columns") as table:
        table.add_column(sa.Column("words", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("rank_columns") as table:
        table.alter_column("words", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("rank_columns") as table:
        table.drop_column("words")
