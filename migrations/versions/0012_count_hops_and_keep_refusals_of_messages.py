"""Count how many messages led to a message, and keep which case refused one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("message", "hops", sa.Integer(), sa.text("0"))
    _add("delivery", "is_refused", sa.Boolean(), sa.false())


def _add(table: str, name: str, kind: sa.Integer | sa.Boolean, first: sa.ColumnElement[object]) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=first))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(name, existing_type=kind, server_default=None)


def downgrade() -> None:
    for table, name in (("delivery", "is_refused"), ("message", "hops")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(name)
