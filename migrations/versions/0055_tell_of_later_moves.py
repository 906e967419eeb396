"""Keep where an applicant for a rank was when a move was told, so that a later move is told, too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
APPLICATION = sa.table(
    "rank_application", sa.column("id"), sa.column("person_id"), sa.column("moved_at"), sa.column("moved_to", JSON)
)
POSITION = sa.table(
    "position", sa.column("person_id"), sa.column("organization_id"), sa.column("from_on"), sa.column("until_on")
)
PLACE = sa.table("organization", sa.column("id"), sa.column("kind"))


def upgrade() -> None:
    op.add_column("rank_application", sa.Column("moved_to", JSON, nullable=True))
    connection = op.get_bind()
    moved = sa.select(APPLICATION.c.id, APPLICATION.c.person_id).where(APPLICATION.c.moved_at.is_not(None))
    for application_id, person_id in connection.execute(moved).all():
        today = sa.func.current_date()
        is_held = POSITION.c.from_on <= today, sa.or_(POSITION.c.until_on.is_(None), POSITION.c.until_on >= today)
        schools = sa.select(POSITION.c.organization_id).join(PLACE, PLACE.c.id == POSITION.c.organization_id)
        query = schools.where(POSITION.c.person_id == person_id, PLACE.c.kind == "school", *is_held).distinct()
        places = sorted(connection.scalars(query))
        told = sa.update(APPLICATION).where(APPLICATION.c.id == application_id).values(moved_to=places)
        connection.execute(told)


def downgrade() -> None:
    with op.batch_alter_table("rank_application") as batch:
        batch.drop_column("moved_to")
