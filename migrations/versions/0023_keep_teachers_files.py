"""Keep teachers' files with their evidence, lists of homeroom teachers, and studios' earlier grades and balances."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVE = "replaced_at IS NULL AND NOT is_void"


def upgrade() -> None:
    _add_entries()
    _add_lists()
    _add_studios()


def _add_entries() -> None:
    op.create_table(
        "dossier_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("category", sa.String(32)),
        sa.Column("level", sa.String(16)),
        sa.Column("issuer", sa.String(120), nullable=False),
        sa.Column("school_id", KEY),
        sa.Column("class_name", sa.String(60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("hours", sa.Integer()),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("instance_id", KEY),
        sa.Column("entered_by_id", KEY, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("verified_by_id", KEY, nullable=False),
        sa.Column("verified_at", INSTANT, nullable=False),
        sa.Column("corrects_id", KEY),
        sa.Column("replaced_at", INSTANT),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_dossier_entry_period")),
        _key("dossier_entry", "person_id", "person"),
        _key("dossier_entry", "organization_id", "organization"),
        _key("dossier_entry", "school_id", "organization"),
        _key("dossier_entry", "instance_id", "process_instance"),
        _key("dossier_entry", "entered_by_id", "person"),
        _key("dossier_entry", "verified_by_id", "person"),
        _key("dossier_entry", "corrects_id", "dossier_entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_dossier_entry_corrects_id")),
    )
    op.create_index(op.f("ix_dossier_entry_person_id"), "dossier_entry", ["person_id"])
    op.create_index(op.f("ix_dossier_entry_instance_id"), "dossier_entry", ["instance_id"])
    op.create_index(
        "ix_dossier_entry_live",
        "dossier_entry",
        ["person_id", "kind"],
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    op.create_table(
        "entry_evidence",
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("attachment_id", sa.String(32), nullable=False),
        _key("entry_evidence", "entry_id", "dossier_entry"),
        _key("entry_evidence", "attachment_id", "attachment"),
        sa.PrimaryKeyConstraint("entry_id", "attachment_id", name=op.f("pk_entry_evidence")),
    )
    op.create_index(op.f("ix_entry_evidence_attachment_id"), "entry_evidence", ["attachment_id"])


def _add_lists() -> None:
    op.create_table(
        "homeroom_list",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", KEY, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
        _key("homeroom_list", "organization_id", "organization"),
        _key("homeroom_list", "confirmed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homeroom_list")),
        sa.UniqueConstraint(
            "organization_id",
            "school_year",
            "revision",
            name=op.f("uq_homeroom_list_organization_id_school_year_revision"),
        ),
    )
    op.create_table(
        "homeroom_list_row",
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("class_name", sa.String(60), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        _key("homeroom_list_row", "list_id", "homeroom_list"),
        _key("homeroom_list_row", "person_id", "person"),
        sa.PrimaryKeyConstraint("list_id", "place", name=op.f("pk_homeroom_list_row")),
    )
    op.create_index(op.f("ix_homeroom_list_row_person_id"), "homeroom_list_row", ["person_id"])


def _add_studios() -> None:
    op.create_table(
        "studio_grade",
        sa.Column("id", KEY, nullable=False),
        sa.Column("studio_id", KEY, nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("grade", sa.String(16), nullable=False),
        sa.Column("graded_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(120), nullable=False),
        sa.Column("instance_id", KEY),
        sa.Column("entered_by_id", KEY, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        _key("studio_grade", "studio_id", "studio"),
        _key("studio_grade", "instance_id", "process_instance"),
        _key("studio_grade", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_grade")),
        sa.UniqueConstraint("studio_id", "period", name=op.f("uq_studio_grade_studio_id_period")),
    )
    op.create_table(
        "studio_balance",
        sa.Column("id", KEY, nullable=False),
        sa.Column("studio_id", KEY, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entered_by_id", KEY, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        _key("studio_balance", "studio_id", "studio"),
        _key("studio_balance", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_balance")),
        sa.UniqueConstraint("studio_id", "as_of", name=op.f("uq_studio_balance_studio_id_as_of")),
    )


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def downgrade() -> None:
    for table in (
        "studio_balance",
        "studio_grade",
        "homeroom_list_row",
        "homeroom_list",
        "entry_evidence",
        "dossier_entry",
    ):
        op.drop_table(table)
