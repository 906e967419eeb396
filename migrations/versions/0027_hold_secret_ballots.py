"""Hold secret ballots: the paper, the scrutineers, the sealed keys, and a seat with an envelope for each voter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "ballot",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("can_abstain", sa.Boolean(), nullable=False),
        sa.Column("custody", sa.String(16), nullable=False),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("voting_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("votes", JSON),
        sa.Column("receipts", JSON),
        sa.Column("abstained", sa.Integer()),
        sa.Column("void", sa.Integer()),
        sa.Column("answered", sa.Integer()),
        _link("ballot", "id", "collective_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_table(
        "ballot_scrutineer",
        sa.Column("ballot_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("confirmed", sa.LargeBinary()),
        _link("ballot_scrutineer", "ballot_id", "ballot"),
        _link("ballot_scrutineer", "person_id", "person"),
        sa.PrimaryKeyConstraint("ballot_id", "person_id", name=op.f("pk_ballot_scrutineer")),
    )
    op.create_table(
        "ballot_key",
        sa.Column("ballot_id", KEY, nullable=False),
        sa.Column("outer_id", KEY, nullable=False),
        sa.Column("inner_id", KEY, nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        _link("ballot_key", "ballot_id", "ballot"),
        _link("ballot_key", "outer_id", "person"),
        _link("ballot_key", "inner_id", "person"),
        sa.PrimaryKeyConstraint("ballot_id", "outer_id", "inner_id", name=op.f("pk_ballot_key")),
    )
    op.create_table(
        "ballot_seat",
        sa.Column("ballot_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("envelope", sa.LargeBinary()),
        _link("ballot_seat", "ballot_id", "ballot"),
        _link("ballot_seat", "person_id", "person"),
        sa.PrimaryKeyConstraint("ballot_id", "person_id", name=op.f("pk_ballot_seat")),
    )


def downgrade() -> None:
    for table in ("ballot_seat", "ballot_key", "ballot_scrutineer", "ballot"):
        op.drop_table(table)
