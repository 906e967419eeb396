"""Keep what districts hand up on paper where no city is on the platform."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "filing_letter",
        sa.Column("id", key, nullable=False),
        sa.Column("run_id", key, nullable=False),
        sa.Column("instance_id", key, nullable=True),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["filing_run.id"], name=op.f("fk_filing_letter_run_id_filing_run")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_filing_letter_instance_id_process_instance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_letter")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_filing_letter_instance_id")),
        sa.UniqueConstraint("code", name=op.f("uq_filing_letter_code")),
    )
    op.create_index(op.f("ix_filing_letter_run_id"), "filing_letter", ["run_id"])
    with op.batch_alter_table("filing_row") as batch:
        batch.add_column(sa.Column("letter_id", key, nullable=True))
        batch.create_foreign_key(op.f("fk_filing_row_letter_id_filing_letter"), "filing_letter", ["letter_id"], ["id"])
    op.create_index(op.f("ix_filing_row_letter_id"), "filing_row", ["letter_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_filing_row_letter_id"), "filing_row")
    with op.batch_alter_table("filing_row") as batch:
        batch.drop_constraint(op.f("fk_filing_row_letter_id_filing_letter"), type_="foreignkey")
        batch.drop_column("letter_id")
    op.drop_table("filing_letter")
