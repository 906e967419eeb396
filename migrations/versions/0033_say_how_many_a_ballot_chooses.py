"""Say of a ballot how many are to be chosen in all, so that a tie for the last place shows."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballot", sa.Column("places", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("ballot") as batch_op:
        batch_op.drop_column("places")
