"""Keep bureaus' own columns for lists of ranks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rank_columns",
        sa.Column("organization_id", KEY, nullable=False, autoincrement=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_rank_columns_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_rank_columns_changed_by_id_person")),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_rank_columns")),
    )


def downgrade() -> None:
    op.drop_table("rank_columns")
