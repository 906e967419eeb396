"""Keep which entry of the register a filed row corrects, and how it should read."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("corrects_id IS NOT NULL AND status NOT IN ('refused', 'effective')")


def upgrade() -> None:
    with op.batch_alter_table("filing_row") as table:
        table.add_column(sa.Column("corrects_id", KEY))
        table.add_column(sa.Column("from_on", sa.Date()))
        table.add_column(sa.Column("is_void", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_foreign_key("fk_filing_row_corrects_id_dossier_entry", "dossier_entry", ["corrects_id"], ["id"])
        table.create_index(
            "uq_filing_row_corrects_id", ["corrects_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
    with op.batch_alter_table("filing_row") as table:
        table.alter_column("is_void", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("filing_row") as table:
        table.drop_index("uq_filing_row_corrects_id")
        table.drop_constraint("fk_filing_row_corrects_id_dossier_entry", type_="foreignkey")
        table.drop_column("is_void")
        table.drop_column("from_on")
        table.drop_column("corrects_id")
