"""Print filed lists for sealing, each state with a code."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "filing_paper",
        sa.Column("id", key, nullable=False),
        sa.Column("batch_id", key, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["filing_batch.id"], name=op.f("fk_filing_paper_batch_id_filing_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_paper")),
        sa.UniqueConstraint("batch_id", "content_hash", name=op.f("uq_filing_paper_batch_id_content_hash")),
        sa.UniqueConstraint("code", name=op.f("uq_filing_paper_code")),
    )


def downgrade() -> None:
    op.drop_table("filing_paper")
