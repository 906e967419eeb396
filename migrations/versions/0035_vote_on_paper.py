"""Vote on paper: a mark in the seat, what the scrutineers read, and how many papers were counted."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballot", sa.Column("papers", sa.Integer()))
    op.add_column("ballot_scrutineer", sa.Column("papers", sa.LargeBinary()))
    with op.batch_alter_table("ballot_seat") as batch_op:
        batch_op.add_column(sa.Column("is_paper", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("ballot_seat") as batch_op:
        batch_op.alter_column("is_paper", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    for table, column in (("ballot_seat", "is_paper"), ("ballot_scrutineer", "papers"), ("ballot", "papers")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
