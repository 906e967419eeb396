"""Hold the rank reviews of schools and the applications in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LIVE = "status NOT IN ('rejected', 'withdrawn')"


def upgrade() -> None:
    _add_reviews()
    _add_applications()


def _add_reviews() -> None:
    op.create_table(
        "rank_review",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("dates", JSON, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("signed_hash", sa.String(64)),
        sa.Column("filed_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("revision", sa.Integer(), nullable=False),
        _link("rank_review", "organization_id", "organization"),
        _link("rank_review", "instance_id", "process_instance"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_review")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_rank_review_instance_id")),
        sa.UniqueConstraint("organization_id", "school_year", name=op.f("uq_rank_review_organization_id_school_year")),
    )
    op.create_index("ix_rank_review_year", "rank_review", ["school_year", "organization_id"])


def _add_applications() -> None:
    op.create_table(
        "rank_application",
        sa.Column("id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("rank", sa.String(24), nullable=False),
        sa.Column("held", sa.String(24)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("result", sa.String(16)),
        sa.Column("explanation", JSON, nullable=False),
        sa.Column("seen_by_id", KEY),
        sa.Column("seen_at", INSTANT),
        sa.Column("counts", JSON),
        sa.Column("second_looked_at", INSTANT),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
        _link("rank_application", "review_id", "rank_review"),
        _link("rank_application", "instance_id", "process_instance"),
        _link("rank_application", "person_id", "person"),
        _link("rank_application", "organization_id", "organization"),
        _link("rank_application", "seen_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_application")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_rank_application_instance_id")),
    )
    op.create_index(
        "uq_rank_application_live",
        "rank_application",
        ["review_id", "person_id"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    op.create_index("ix_rank_application_review", "rank_application", ["review_id", "status"])
    op.create_index("ix_rank_application_person", "rank_application", ["person_id", "id"])
    op.create_index(op.f("ix_rank_application_organization_id"), "rank_application", ["organization_id"])


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def downgrade() -> None:
    for table in ("rank_application", "rank_review"):
        op.drop_table(table)
