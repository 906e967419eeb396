"""Print tally sheets with a code that stands for their ballot."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ballot") as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(24)))
        batch_op.create_unique_constraint(op.f("uq_ballot_code"), ["code"])


def downgrade() -> None:
    with op.batch_alter_table("ballot") as batch_op:
        batch_op.drop_constraint(op.f("uq_ballot_code"), type_="unique")
        batch_op.drop_column("code")
