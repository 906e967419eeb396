"""Say of a ballot whether votes may be changed, whether assistants vote, and who was left out of its roll."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# How the ballots were held that there were before.
BEFORE = {"can_change": sa.true(), "with_assistants": sa.false()}


def upgrade() -> None:
    with op.batch_alter_table("ballot") as batch_op:
        for name, was in BEFORE.items():
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=was))
        batch_op.add_column(sa.Column("left_out", JSON, nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table("ballot") as batch_op:
        for name in BEFORE:
            batch_op.alter_column(name, existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("left_out", existing_type=JSON, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ballot") as batch_op:
        for name in (*BEFORE, "left_out"):
            batch_op.drop_column(name)
