"""Keep the last vote of a case before an application for a rank was handed in: only later ones are about it."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("rank_application") as batch:
        batch.add_column(sa.Column("last_vote_before", BIG_KEY, nullable=False, server_default="0"))
    with op.batch_alter_table("rank_application") as batch:
        batch.alter_column("last_vote_before", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("rank_application") as batch:
        batch.drop_column("last_vote_before")
