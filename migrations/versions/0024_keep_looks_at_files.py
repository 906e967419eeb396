"""Keep who looked at whose file, which tasks read one, and which processes are confidential."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
READING = "status = 'open' AND reads IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "dossier_look",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("seen_by_id", KEY, nullable=False),
        sa.Column("position_title", sa.String(200), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dossier_look_person_id_person")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name=op.f("fk_dossier_look_seen_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_look")),
    )
    op.create_index("ix_dossier_look_person", "dossier_look", ["person_id", "id"])
    with op.batch_alter_table("work_item") as batch:
        batch.add_column(sa.Column("reads", sa.String(16)))
    op.create_index(
        "ix_work_item_reads",
        "work_item",
        ["instance_id"],
        sqlite_where=sa.text(READING),
        postgresql_where=sa.text(READING),
    )
    with op.batch_alter_table("process_version") as batch:
        batch.add_column(sa.Column("is_confidential", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("process_version") as batch:
        batch.alter_column("is_confidential", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("process_version") as batch:
        batch.drop_column("is_confidential")
    op.drop_index("ix_work_item_reads", "work_item")
    with op.batch_alter_table("work_item") as batch:
        batch.drop_column("reads")
    op.drop_table("dossier_look")
