"""Keep the list of a letter as it was sent, whatever becomes of its rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
LETTER = sa.table("filing_letter", sa.column("id"), sa.column("sent", JSON))
BATCH = sa.table("filing_batch", sa.column("id"), sa.column("organization_id"))
PLACE = sa.table("organization", sa.column("id"), sa.column("name"))
TOLD = ("id", "name", "held", "rank", "kind")
ROW = sa.table(
    "filing_row",
    *(sa.column(name) for name in TOLD),
    sa.column("letter_id"),
    sa.column("batch_id"),
    sa.column("particulars", JSON),
)


def upgrade() -> None:
    op.add_column("filing_letter", sa.Column("sent", JSON, nullable=True))
    connection = op.get_bind()
    columns = *(ROW.c[name] for name in TOLD), ROW.c.particulars, PLACE.c.name.label("school")
    filed = ROW.join(BATCH, BATCH.c.id == ROW.c.batch_id).join(PLACE, PLACE.c.id == BATCH.c.organization_id)
    for letter_id in connection.scalars(sa.select(LETTER.c.id)).all():
        query = sa.select(*columns).select_from(filed).where(ROW.c.letter_id == letter_id).order_by(ROW.c.id)
        sent = [_line(one) for one in connection.execute(query).mappings()]
        connection.execute(sa.update(LETTER).where(LETTER.c.id == letter_id).values(sent=sent))
    with op.batch_alter_table("filing_letter") as batch:
        batch.alter_column("sent", existing_type=JSON, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("filing_letter") as batch:
        batch.drop_column("sent")


def _line(row: sa.RowMapping) -> dict[str, object]:
    told = {name: row[name] for name in TOLD}
    return {**told, "school": row["school"], "note": (row["particulars"] or {}).get("corrected") or ""}
