"""Hold decision sheets of rounds, and letters of appointment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "decision_sheet",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("formula", JSON, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("decided_by_id", KEY),
        sa.Column("decided_at", INSTANT),
        sa.Column("revision", sa.Integer(), nullable=False),
        _link("decision_sheet", "round_id", "round"),
        _link("decision_sheet", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_sheet")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_decision_sheet_round_id_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_decision_sheet_code")),
    )
    op.create_table(
        "appointment_letter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("studio_id", KEY, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        _link("appointment_letter", "application_id", "application"),
        _link("appointment_letter", "studio_id", "studio"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_letter")),
        sa.UniqueConstraint("application_id", name=op.f("uq_appointment_letter_application_id")),
        sa.UniqueConstraint("code", name=op.f("uq_appointment_letter_code")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_appointment_letter_period")),
    )


def downgrade() -> None:
    op.drop_table("appointment_letter")
    op.drop_table("decision_sheet")
