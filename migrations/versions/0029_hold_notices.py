"""Hold public notices with the names on them, how long each stands, and photographs of the board."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _add_notices()
    _add_names()
    _add_proofs()


def _add_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("audience_id", KEY, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("intro", sa.String(5000), nullable=False),
        sa.Column("signed_by", sa.String(200), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("prepared_by_id", KEY),
        sa.Column("released_by_id", KEY),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("posted_at", INSTANT),
        sa.Column("changed_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("code", sa.String(24)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("prepared_by_id <> released_by_id", name=op.f("ck_notice_two_persons")),
        _key("notice", "organization_id", "organization"),
        _key("notice", "audience_id", "organization"),
        _key("notice", "instance_id", "process_instance"),
        _key("notice", "prepared_by_id", "person"),
        _key("notice", "released_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("code", name=op.f("uq_notice_code")),
    )
    op.create_index("ix_notice_audience", "notice", ["audience_id", "status", "id"])
    op.create_index(op.f("ix_notice_instance_id"), "notice", ["instance_id"])
    op.create_index(op.f("ix_notice_subject"), "notice", ["subject"])


def _add_names() -> None:
    op.create_table(
        "notice_name",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("line", sa.String(500), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("left_at", INSTANT),
        _key("notice_name", "notice_id", "notice"),
        _key("notice_name", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_name")),
        sa.UniqueConstraint("notice_id", "person_id", name=op.f("uq_notice_name_notice_id_person_id")),
    )
    op.create_index(op.f("ix_notice_name_person_id"), "notice_name", ["person_id"])


def _add_proofs() -> None:
    op.create_table(
        "notice_proof",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("attachment_id", sa.String(32), nullable=False),
        sa.Column("board", sa.String(60), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("taken_by_id", KEY, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        _key("notice_proof", "notice_id", "notice"),
        _key("notice_proof", "attachment_id", "attachment"),
        _key("notice_proof", "taken_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_proof")),
    )
    op.create_index(op.f("ix_notice_proof_notice_id"), "notice_proof", ["notice_id"])
    op.create_index(op.f("ix_notice_proof_attachment_id"), "notice_proof", ["attachment_id"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def downgrade() -> None:
    for table in ("notice_proof", "notice_name", "notice"):
        op.drop_table(table)
