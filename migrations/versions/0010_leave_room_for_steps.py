"""Leave room beside a case for its next step, and index places on rolls alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX, TABLE, COLUMNS = "ix_work_item_collective", "work_item", ["collective_id", "status"]
ON_ROLLS = sa.text("collective_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, COLUMNS, sqlite_where=ON_ROLLS, postgresql_where=ON_ROLLS)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE process_instance SET (fillfactor = 50)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE process_instance RESET (fillfactor)")
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, COLUMNS)
