"""Let a task be claimed, handed on, and asked opinions on; count how often its case was urged."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CLAIMED = sa.text("assignee_id IS NOT NULL AND role IS NOT NULL AND status IN ('open', 'waiting')")
IS_ASKED = sa.text("parent_id IS NOT NULL")
INDEXES = (
    ("ix_work_item_claimed", ["assignee_id"], CLAIMED),
    ("ix_work_item_parent", ["parent_id"], IS_ASKED),
)


def upgrade() -> None:
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="task"))
        batch_op.add_column(sa.Column("parent_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("reminder_count", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.create_foreign_key("fk_work_item_parent_id_work_item", "work_item", ["parent_id"], ["id"])
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(16), server_default=None)
        batch_op.alter_column("reminder_count", existing_type=sa.Integer(), server_default=None)
    for name, columns, where in INDEXES:
        op.create_index(name, "work_item", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "work_item_handing",
        sa.Column("work_item_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_item_handing_person_id_person")),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_item.id"], name=op.f("fk_work_item_handing_work_item_id_work_item")
        ),
        sa.PrimaryKeyConstraint("work_item_id", name=op.f("pk_work_item_handing")),
    )


def downgrade() -> None:
    op.drop_table("work_item_handing")
    for name, _columns, _where in INDEXES:
        op.drop_index(name, "work_item")
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.drop_constraint("fk_work_item_parent_id_work_item", type_="foreignkey")
        for name in ("reminder_count", "parent_id", "kind"):
            batch_op.drop_column(name)
