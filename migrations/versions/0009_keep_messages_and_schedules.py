"""Keep messages between cases, scheduled starts, and what deadlines were reckoned from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _add_messages()
    _add_schedules()
    with op.batch_alter_table("timer") as batch_op:
        batch_op.add_column(sa.Column("reckoning", JSON, nullable=True))
        batch_op.add_column(sa.Column("is_provisional", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("repeats_left", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("timer") as batch_op:
        batch_op.alter_column("is_provisional", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("repeats_left", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.add_column(sa.Column("reckoning", JSON, nullable=True))


def _add_messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        _reference("organization_id"),
        sa.Column("to", sa.String(16), nullable=False),
        _reference("instance_id", nullable=True),
        sa.Column("element", sa.String(100), nullable=True),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=True),
        *_keys("message", "id", organization_id="organization", instance_id="process_instance"),
    )
    op.create_index("ix_message_name", "message", ["name", "key", "expires_at"])
    op.create_index(op.f("ix_message_instance_id"), "message", ["instance_id"])
    op.create_table(
        "subscription",
        sa.Column("id", KEY, nullable=False),
        _reference("instance_id"),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(100), nullable=False),
        sa.Column("message", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        _reference("organization_id"),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        *_keys("subscription", "id", organization_id="organization", instance_id="process_instance"),
    )
    op.create_index("ix_subscription_message", "subscription", ["message", "key", "closed_at"])
    op.create_index("ix_subscription_instance", "subscription", ["instance_id", "closed_at"])
    op.create_table(
        "delivery",
        _reference("message_id"),
        _reference("instance_id"),
        sa.Column("element", sa.String(100), nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=False),
        *_keys("delivery", "message_id", "instance_id", message_id="message", instance_id="process_instance"),
    )


def _add_schedules() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("process_key", sa.String(64), nullable=False),
        _reference("organization_id"),
        sa.Column("starts", sa.String(40), nullable=False),
        sa.Column("catch_up", sa.String(16), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("try_again_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(500), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        *_keys("schedule", "id", organization_id="organization"),
        sa.UniqueConstraint("process_key", "organization_id", name=op.f("uq_schedule_process_key_organization_id")),
    )
    op.create_index("ix_schedule_next", "schedule", ["stopped_at", "next_at"])
    op.create_index(op.f("ix_schedule_organization_id"), "schedule", ["organization_id"])
    op.create_table(
        "scheduled_start",
        _reference("schedule_id"),
        sa.Column("occurs_at", INSTANT, nullable=False),
        _reference("instance_id"),
        sa.Column("started_at", INSTANT, nullable=False),
        *_keys("scheduled_start", "schedule_id", "occurs_at", schedule_id="schedule", instance_id="process_instance"),
    )
    op.create_index(op.f("ix_scheduled_start_instance_id"), "scheduled_start", ["instance_id"])


def _reference(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=nullable)


def _keys(table: str, *primary: str, **references: str) -> list[sa.Constraint]:
    foreign = [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
        for name, other in references.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}"))]


def downgrade() -> None:
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.drop_column("reckoning")
    with op.batch_alter_table("timer") as batch_op:
        for name in ("repeats_left", "is_provisional", "reckoning"):
            batch_op.drop_column(name)
    for table in ("scheduled_start", "schedule", "delivery", "subscription", "message"):
        op.drop_table(table)
