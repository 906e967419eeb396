"""Keep own sentences for opinions, which tasks were opened, opinions in drafts, and whether single keys act."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "opinion_template",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        _key("opinion_template", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index(op.f("ix_opinion_template_person_id"), "opinion_template", ["person_id"])
    op.create_table(
        "work_item_reading",
        sa.Column("work_item_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        _key("work_item_reading", "work_item_id", "work_item"),
        _key("work_item_reading", "person_id", "person"),
        sa.PrimaryKeyConstraint("work_item_id", "person_id", name=op.f("pk_work_item_reading")),
    )
    with op.batch_alter_table("draft") as batch_op:
        batch_op.add_column(sa.Column("comment", sa.String(2000), nullable=True))
    _add("draft", "revision", sa.Integer(), sa.text("1"))
    _add("person", "has_shortcuts", sa.Boolean(), sa.true())


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _add(table: str, name: str, kind: sa.Integer | sa.Boolean, first: sa.ColumnElement[object]) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=first))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(name, existing_type=kind, server_default=None)


def downgrade() -> None:
    for table, name in (("person", "has_shortcuts"), ("draft", "revision"), ("draft", "comment")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(name)
    op.drop_table("work_item_reading")
    op.drop_table("opinion_template")
