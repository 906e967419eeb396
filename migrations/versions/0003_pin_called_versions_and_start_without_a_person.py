"""Pin the called versions to each case, and let the platform start cases by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("process_instance") as batch_op:
        # Cases that were started before called nothing.
        batch_op.add_column(sa.Column("callees", JSON, nullable=False, server_default="{}"))
        batch_op.alter_column("initiator_id", existing_type=sa.BigInteger(), nullable=True)
    with op.batch_alter_table("process_instance") as batch_op:
        batch_op.alter_column("callees", existing_type=JSON, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("process_instance") as batch_op:
        batch_op.alter_column("initiator_id", existing_type=sa.BigInteger(), nullable=False)
        batch_op.drop_column("callees")
