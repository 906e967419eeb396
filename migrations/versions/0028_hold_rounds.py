"""Hold rounds of host selection with the dates that were moved, and applications with their materials."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LIVE = "status NOT IN ('rejected', 'withdrawn')"


def upgrade() -> None:
    _add_rounds()
    _add_applications()


def _add_rounds() -> None:
    op.create_table(
        "round",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("programme", sa.String(24), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("term_from", sa.Date(), nullable=False),
        sa.Column("term_until", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("dates", JSON, nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("results", JSON),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_round_seats")),
        sa.CheckConstraint("term_until >= term_from", name=op.f("ck_round_term")),
        _link("round", "organization_id", "organization"),
        _link("round", "instance_id", "process_instance"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_round_instance_id")),
    )
    op.create_index("ix_round_scope", "round", ["organization_id", "stage", "id"])
    op.create_table(
        "round_date_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("changed_at", INSTANT, nullable=False),
        _link("round_date_change", "round_id", "round"),
        _link("round_date_change", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_date_change")),
    )
    op.create_index("ix_round_date_change_round", "round_date_change", ["round_id", "id"])


def _add_applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("wished_host_id", KEY),
        sa.Column("accepts_allocation", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("received_by_id", KEY),
        sa.Column("result", sa.String(16)),
        sa.Column("studio_host_id", KEY),
        sa.Column("place", sa.Integer()),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
        _link("application", "round_id", "round"),
        _link("application", "instance_id", "process_instance"),
        _link("application", "organization_id", "organization"),
        _link("application", "person_id", "person"),
        _link("application", "wished_host_id", "person"),
        _link("application", "received_by_id", "person"),
        _link("application", "studio_host_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_application_instance_id")),
    )
    op.create_index(
        "uq_application_live",
        "application",
        ["round_id", "person_id"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    op.create_index("ix_application_round", "application", ["round_id", "kind", "status"])
    op.create_index("ix_application_person", "application", ["person_id", "id"])
    op.create_index(op.f("ix_application_organization_id"), "application", ["organization_id"])
    op.create_table(
        "application_material",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_paper", sa.Boolean(), nullable=False),
        sa.Column("attachment_id", sa.String(32)),
        sa.Column("receipt_number", sa.String(40)),
        sa.Column("received_by_id", KEY),
        sa.Column("received_at", INSTANT),
        _link("application_material", "application_id", "application"),
        _link("application_material", "attachment_id", "attachment"),
        _link("application_material", "received_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_material")),
        sa.UniqueConstraint("application_id", "name", name=op.f("uq_application_material_application_id_name")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_application_material_receipt_number")),
    )


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def downgrade() -> None:
    for table in ("application_material", "application", "round_date_change", "round"):
        op.drop_table(table)
