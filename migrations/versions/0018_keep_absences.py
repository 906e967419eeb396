"""Keep who is away and who stands in, and for whom a task was done."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
# Tables whose rows say for whom something was done.
DONE = (("work_item", "closed_for_id"), ("submission", "for_person_id"))


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("principal_id", KEY, nullable=False),
        sa.Column("substitute_id", KEY, nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("processes", JSON, nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("entered_by_id", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.CheckConstraint("substitute_id <> principal_id", name=op.f("ck_absence_two_people")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_absence_period")),
        _key("organization_id", "organization"),
        *(_key(name, "person") for name in ("principal_id", "substitute_id", "entered_by_id", "ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_substitute", "absence", ["substitute_id", "until_at"])
    op.create_index("ix_absence_organization", "absence", ["organization_id", "until_at"])
    op.create_index(op.f("ix_absence_principal_id"), "absence", ["principal_id"])
    for table, column in DONE:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column(column, KEY, nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_{column}_person"), "person", [column], ["id"])
    is_for_another = sa.text("closed_for_id IS NOT NULL")
    op.create_index(
        "ix_work_item_closed_for",
        "work_item",
        ["closed_for_id", "closed_at"],
        sqlite_where=is_for_another,
        postgresql_where=is_for_another,
    )


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_absence_{column}_{table}"))


def downgrade() -> None:
    op.drop_index("ix_work_item_closed_for", "work_item")
    for table, column in DONE:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_{column}_person"), type_="foreignkey")
            batch_op.drop_column(column)
    op.drop_table("absence")
