"""Certify ranks that took effect, each with a code."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "rank_certificate",
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["dossier_entry.id"], name=op.f("fk_rank_certificate_entry_id_dossier_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_certificate")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_rank_certificate_entry_id")),
        sa.UniqueConstraint("code", name=op.f("uq_rank_certificate_code")),
    )


def downgrade() -> None:
    op.drop_table("rank_certificate")
