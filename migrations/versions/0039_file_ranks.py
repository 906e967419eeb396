"""File ranks with the district and the city."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "filing_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("aggregated_at", INSTANT),
        sa.Column("urged_at", INSTANT),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("revision", sa.Integer(), nullable=False),
        _link("filing_run", "organization_id", "organization"),
        _link("filing_run", "instance_id", "process_instance"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_run")),
        sa.UniqueConstraint("organization_id", "school_year", name=op.f("uq_filing_run_organization_id_school_year")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_filing_run_instance_id")),
    )
    op.create_table(
        "filing_batch",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("review_id", KEY),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("instance_id", KEY),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("district_run_id", KEY),
        sa.Column("city_run_id", KEY),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("manifest_hash", sa.String(64)),
        sa.Column("signed_by_id", KEY),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("revision", sa.Integer(), nullable=False),
        _link("filing_batch", "organization_id", "organization"),
        _link("filing_batch", "review_id", "rank_review"),
        _link("filing_batch", "instance_id", "process_instance"),
        _link("filing_batch", "district_run_id", "filing_run"),
        _link("filing_batch", "city_run_id", "filing_run"),
        _link("filing_batch", "signed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_batch")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_filing_batch_instance_id")),
    )
    is_regular = sa.text("kind = 'regular'")
    op.create_index(
        "uq_filing_batch_regular",
        "filing_batch",
        ["organization_id", "school_year"],
        unique=True,
        sqlite_where=is_regular,
        postgresql_where=is_regular,
    )
    op.create_index(op.f("ix_filing_batch_review_id"), "filing_batch", ["review_id"])
    op.create_index("ix_filing_batch_district_run_id", "filing_batch", ["district_run_id", "id"])
    op.create_index("ix_filing_batch_city_run_id", "filing_batch", ["city_run_id", "id"])
    op.create_table(
        "filing_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("application_id", KEY),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("rank", sa.String(24), nullable=False),
        sa.Column("held", sa.String(24)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("particulars", JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16)),
        sa.Column("reason", sa.String(500)),
        sa.Column("audited_by_id", KEY),
        sa.Column("confirmed_by_id", KEY),
        sa.Column("filing_number", sa.String(64)),
        sa.Column("effective_on", sa.Date()),
        sa.Column("revision", sa.Integer(), nullable=False),
        _link("filing_row", "batch_id", "filing_batch"),
        _link("filing_row", "application_id", "rank_application"),
        _link("filing_row", "person_id", "person"),
        _link("filing_row", "audited_by_id", "person"),
        _link("filing_row", "confirmed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_row")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_filing_row_batch_id_person_id")),
        sa.UniqueConstraint("application_id", name=op.f("uq_filing_row_application_id")),
        sa.UniqueConstraint("filing_number", name=op.f("uq_filing_row_filing_number")),
    )
    op.create_index(op.f("ix_filing_row_person_id"), "filing_row", ["person_id"])
    op.create_index("ix_filing_row_status", "filing_row", ["batch_id", "level", "status"])


def downgrade() -> None:
    op.drop_table("filing_row")
    op.drop_table("filing_batch")
    op.drop_table("filing_run")
