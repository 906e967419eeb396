"""Find the live services at a school: for its list of homeroom teachers."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

AT_A_SCHOOL = "school_id IS NOT NULL AND replaced_at IS NULL AND NOT is_void"


def upgrade() -> None:
    op.create_index(
        "ix_dossier_entry_school",
        "dossier_entry",
        ["school_id", "until_on"],
        sqlite_where=sa.text(AT_A_SCHOOL),
        postgresql_where=sa.text(AT_A_SCHOOL),
    )


def downgrade() -> None:
    op.drop_index("ix_dossier_entry_school", table_name="dossier_entry")
