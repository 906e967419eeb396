"""Say what a notification is about, and keep what is sent outside and how people want it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
TABLE = "notification"
UNREAD = "read_at IS NULL AND handled_at IS NULL"
INDEXES = (
    ("ix_notification_unread", ["person_id", "id"], UNREAD),
    ("ix_notification_task", ["work_item_id", "person_id"], "work_item_id IS NOT NULL"),
    ("ix_notification_pending", ["work_item_id"], f"work_item_id IS NOT NULL AND {UNREAD}"),
)


def upgrade() -> None:
    _widen_notifications()
    with op.batch_alter_table("comment") as batch_op:
        batch_op.add_column(sa.Column("mentions", JSON, nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("taken_back_at", INSTANT, nullable=True))
    with op.batch_alter_table("comment") as batch_op:
        batch_op.alter_column("mentions", existing_type=JSON, server_default=None)
    _add_sendings()
    op.create_table(
        "notification_setting",
        _reference("person_id"),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("mail_kinds", JSON, nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("new_email", sa.String(254), nullable=True),
        sa.Column("code", sa.String(16), nullable=True),
        sa.Column("code_sent_at", INSTANT, nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        *_keys("notification_setting", "person_id", person_id="person"),
    )


def _widen_notifications() -> None:
    op.drop_index("ix_notification_person", table_name=TABLE)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="other"))
        batch_op.add_column(sa.Column("work_item_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("comment_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("handled_at", INSTANT, nullable=True))
        for name, target in (("work_item_id", "work_item"), ("comment_id", "comment")):
            batch_op.create_foreign_key(f"fk_{TABLE}_{name}_{target}", target, [name], ["id"])
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(16), server_default=None)
    op.create_index("ix_notification_person", TABLE, ["person_id", "id"])
    for name, columns, where in INDEXES:
        op.create_index(name, TABLE, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _add_sendings() -> None:
    op.create_table(
        "sending",
        sa.Column("id", KEY, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        _reference("person_id"),
        sa.Column("address", sa.String(254), nullable=True),
        sa.Column("code", sa.String(16), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(24), nullable=True),
        sa.Column("reply_code", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.UniqueConstraint("token", name=op.f("uq_sending_token")),
        *_keys("sending", "id", person_id="person"),
    )
    is_waiting = sa.text("status = 'waiting'")
    op.create_index("ix_sending_due", "sending", ["due_at", "id"], sqlite_where=is_waiting, postgresql_where=is_waiting)
    op.create_index("ix_sending_person", "sending", ["person_id", "status"])
    op.create_table(
        "sending_part",
        _reference("sending_id"),
        _reference("notification_id"),
        *_keys("sending_part", "sending_id", "notification_id", sending_id="sending", notification_id=TABLE),
    )
    op.create_index(op.f("ix_sending_part_notification_id"), "sending_part", ["notification_id"])


def _reference(name: str) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=False)


def _keys(table: str, *primary: str, **references: str) -> list[sa.Constraint]:
    named = [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in references.items()
    ]
    return [*named, sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}"))]


def downgrade() -> None:
    for name in ("notification_setting", "sending_part", "sending"):
        op.drop_table(name)
    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_column("taken_back_at")
        batch_op.drop_column("mentions")
    for name, _columns, _where in INDEXES:
        op.drop_index(name, table_name=TABLE)
    op.drop_index("ix_notification_person", table_name=TABLE)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint("fk_notification_work_item_id_work_item", type_="foreignkey")
        batch_op.drop_constraint("fk_notification_comment_id_comment", type_="foreignkey")
        for name in ("handled_at", "comment_id", "work_item_id", "kind"):
            batch_op.drop_column(name)
    op.create_index("ix_notification_person", TABLE, ["person_id", "read_at", "id"])
