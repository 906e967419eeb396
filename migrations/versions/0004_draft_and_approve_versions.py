"""Draft and approve versions of an organisation's own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BY = ("drafted", "submitted", "approved", "retired")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("process_version") as batch_op:
        batch_op.add_column(sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        for act in BY:
            batch_op.add_column(sa.Column(f"{act}_by_id", KEY, nullable=True))
    op.execute("UPDATE process_version SET drafted_at = published_at")
    with op.batch_alter_table("process_version") as batch_op:
        batch_op.alter_column("drafted_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("published_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.drop_constraint(op.f("uq_process_version_definition_id_organization_id_number"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_process_version_definition_id_number"), ["definition_id", "number"]
        )
        batch_op.create_index(batch_op.f("ix_process_version_organization_id"), ["organization_id"], unique=False)
        for act in BY:
            name = batch_op.f(f"fk_process_version_{act}_by_id_person")
            batch_op.create_foreign_key(name, "person", [f"{act}_by_id"], ["id"])


def downgrade() -> None:
    op.execute("DELETE FROM process_version WHERE published_at IS NULL")
    with op.batch_alter_table("process_version") as batch_op:
        for act in BY:
            batch_op.drop_constraint(batch_op.f(f"fk_process_version_{act}_by_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_process_version_organization_id"))
        batch_op.drop_constraint(batch_op.f("uq_process_version_definition_id_number"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_process_version_definition_id_organization_id_number"),
            ["definition_id", "organization_id", "number"],
        )
        batch_op.alter_column("published_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for act in BY:
            batch_op.drop_column(f"{act}_by_id")
        batch_op.drop_column("submitted_at")
        batch_op.drop_column("drafted_at")
