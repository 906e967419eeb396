"""Hold objections to names on notices, sealed, and files of which nobody is told who brought them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _let_uploads_be_nobodys(nullable=True)
    op.create_table(
        "objection",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("request_mark", sa.String(64)),
        sa.Column("request_seal", sa.String(64)),
        sa.Column("is_against_group", sa.Boolean(), nullable=False),
        sa.Column("handler_id", KEY),
        sa.Column("deciders", JSON, nullable=False),
        sa.Column("outsider_id", KEY),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reply", sa.String(5000)),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("read_at", INSTANT),
        _key("objection", "notice_id", "notice"),
        _key("objection", "person_id", "person"),
        _key("objection", "instance_id", "process_instance"),
        _key("objection", "handler_id", "person"),
        _key("objection", "outsider_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_objection_instance_id")),
        sa.UniqueConstraint("mark", name=op.f("uq_objection_mark")),
        sa.UniqueConstraint("request_mark", name=op.f("uq_objection_request_mark")),
    )
    op.create_index(op.f("ix_objection_notice_id"), "objection", ["notice_id"])
    op.create_table(
        "objection_evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("objection_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.String(32), nullable=False),
        _key("objection_evidence", "objection_id", "objection"),
        _key("objection_evidence", "attachment_id", "attachment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_evidence")),
        sa.UniqueConstraint("objection_id", "place", name=op.f("uq_objection_evidence_objection_id_place")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_objection_evidence_attachment_id")),
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _let_uploads_be_nobodys(*, nullable: bool) -> None:
    with op.batch_alter_table("attachment") as table:
        table.alter_column("uploaded_by_id", existing_type=KEY, nullable=nullable)


def downgrade() -> None:
    op.drop_table("objection_evidence")
    op.drop_table("objection")
    # What nobody brought belonged to objections alone.
    op.execute(sa.text("DELETE FROM attachment WHERE uploaded_by_id IS NULL"))
    _let_uploads_be_nobodys(nullable=False)
