"""Keep who sent a submitted version of a process back, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("process_version") as batch_op:
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("returned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("return_reason", sa.String(length=2000), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_process_version_returned_by_id_person"), "person", ["returned_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("process_version") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_process_version_returned_by_id_person"), type_="foreignkey")
        for name in ("return_reason", "returned_by_id", "returned_at"):
            batch_op.drop_column(name)
