"""Ask many people at once: collective tasks, their responses, and the places on a roll."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
# Tables whose rows may belong to a collective task.
OWNERS = ("work_item", "journal_entry")


def upgrade() -> None:
    _create_tasks()
    op.create_table(
        "collective_response",
        sa.Column("id", KEY, nullable=False),
        sa.Column("collective_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("comment", sa.String(2000), nullable=True),
        sa.Column("values", JSON, nullable=False),
        sa.Column("responded_at", INSTANT, nullable=False),
        _key("collective_response", "collective_id", "collective_task"),
        _key("collective_response", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collective_response")),
        sa.UniqueConstraint("collective_id", "person_id", name=op.f("uq_collective_response_collective_id_person_id")),
    )
    for table in OWNERS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("collective_id", KEY, nullable=True))
            name = op.f(f"fk_{table}_collective_id_collective_task")
            batch_op.create_foreign_key(name, "collective_task", ["collective_id"], ["id"])
    op.create_index("ix_work_item_collective", "work_item", ["collective_id", "status"])


def downgrade() -> None:
    op.drop_index("ix_work_item_collective", table_name="work_item")
    for table in OWNERS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_collective_id_collective_task"), type_="foreignkey")
            batch_op.drop_column("collective_id")
    op.drop_table("collective_response")
    op.drop_table("collective_task")


def _create_tasks() -> None:
    table = "collective_task"
    op.create_table(
        table,
        sa.Column("id", KEY, nullable=False),
        sa.Column("instance_id", KEY, nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(100), nullable=False),
        sa.Column("element_name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("studio_id", KEY, nullable=True),
        sa.Column("closing", sa.String(16), nullable=False),
        sa.Column("verdicts", JSON, nullable=False),
        sa.Column("quorum", sa.String(16), nullable=True),
        sa.Column("majority", sa.String(16), nullable=True),
        sa.Column("secrecy", sa.String(16), nullable=False),
        sa.Column("roll", sa.Integer(), nullable=False),
        sa.Column("roll_hash", sa.String(64), nullable=False),
        sa.Column("recused", sa.Integer(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("closed_by", sa.String(16), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("remind_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("journal_sequence", sa.Integer(), nullable=False),
        sa.Column("journal_hash", sa.String(64), nullable=False),
        _key(table, "instance_id", "process_instance"),
        _key(table, "organization_id", "organization"),
        _key(table, "studio_id", "studio"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collective_task")),
    )
    op.create_index("ix_collective_task_instance", table, ["instance_id", "id"])
    op.create_index("ix_collective_task_due", table, ["status", "due_at"])
    op.create_index("ix_collective_task_remind", table, ["status", "remind_at"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
