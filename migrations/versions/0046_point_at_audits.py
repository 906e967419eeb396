"""Point from a filed row at its last audit in the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "journal_entry", sa.column("id"), sa.column("sequence"), sa.column("action"), sa.column("details", sa.JSON)
)
ROW = sa.table("filing_row", sa.column("id"), sa.column("audit_sequence"))
MOST = 500


def upgrade() -> None:
    op.add_column("filing_row", sa.Column("audit_sequence", sa.Integer(), nullable=True))
    connection = op.get_bind()
    query = sa.select(ENTRY.c.sequence, ENTRY.c.details).where(ENTRY.c.action == "audit_filing_rows")
    for sequence, details in connection.execute(query.order_by(ENTRY.c.id)).all():
        rows = details["rows"]
        for first in range(0, len(rows), MOST):
            chosen = ROW.c.id.in_(rows[first : first + MOST])
            connection.execute(sa.update(ROW).where(chosen).values(audit_sequence=sequence))


def downgrade() -> None:
    op.drop_column("filing_row", "audit_sequence")
