"""Keep from which studio of the register it follows that a member of a panel steps aside."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("panel_recusal") as table:
        table.add_column(sa.Column("studio_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        table.create_foreign_key("fk_panel_recusal_studio_id_studio", "studio", ["studio_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("panel_recusal") as table:
        table.drop_constraint("fk_panel_recusal_studio_id_studio", type_="foreignkey")
        table.drop_column("studio_id")
