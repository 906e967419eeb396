"""Keep whom hosts propose, the mentors of studios with their letters, and the page that a notification leads to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("application") as table:
        table.add_column(sa.Column("proposed_by", JSON))
        table.add_column(sa.Column("mentor_id", KEY))
        table.add_column(sa.Column("mentor_standard", sa.String(16)))
        table.create_foreign_key("fk_application_mentor_id_person", "person", ["mentor_id"], ["id"])
    with op.batch_alter_table("appointment_letter") as table:
        table.add_column(sa.Column("person_id", KEY))
    applied = "SELECT person_id FROM application WHERE application.id = appointment_letter.application_id"
    op.execute(f"UPDATE appointment_letter SET person_id = ({applied})")  # noqa: S608 - no value comes from outside
    with op.batch_alter_table("appointment_letter") as table:
        table.alter_column("person_id", existing_type=KEY, nullable=False)
        table.create_foreign_key("fk_appointment_letter_person_id_person", "person", ["person_id"], ["id"])
        table.drop_constraint("uq_appointment_letter_application_id", type_="unique")
        table.create_unique_constraint("uq_appointment_letter_application_id_role", ["application_id", "role"])
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("link", sa.String(100)))


def downgrade() -> None:
    with op.batch_alter_table("notification") as table:
        table.drop_column("link")
    op.execute("DELETE FROM appointment_letter WHERE role = 'studio_mentor'")
    with op.batch_alter_table("appointment_letter") as table:
        table.drop_constraint("uq_appointment_letter_application_id_role", type_="unique")
        table.create_unique_constraint("uq_appointment_letter_application_id", ["application_id"])
        table.drop_constraint("fk_appointment_letter_person_id_person", type_="foreignkey")
        table.drop_column("person_id")
    with op.batch_alter_table("application") as table:
        table.drop_constraint("fk_application_mentor_id_person", type_="foreignkey")
        table.drop_column("mentor_standard")
        table.drop_column("mentor_id")
        table.drop_column("proposed_by")
