"""Hold panels: whom a collective task scores and on what, and who steps aside for whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "panel",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("candidates", JSON, nullable=False),
        sa.Column("criteria", JSON, nullable=False),
        _link("panel", "id", "collective_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
    )
    op.create_table(
        "panel_recusal",
        sa.Column("panel_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("candidate", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000)),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        _link("panel_recusal", "panel_id", "panel"),
        _link("panel_recusal", "person_id", "person"),
        sa.PrimaryKeyConstraint("panel_id", "person_id", "candidate", name=op.f("pk_panel_recusal")),
    )


def downgrade() -> None:
    op.drop_table("panel_recusal")
    op.drop_table("panel")
