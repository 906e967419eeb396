"""Keep title, code and category with each version, which alone may say them."""

import tomllib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LENGTHS = {"title": 200, "code": 8, "category": 200}
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
VERSIONS = sa.table(
    "process_version",
    sa.column("id", sa.BigInteger()),
    sa.column("definition_id", sa.BigInteger()),
    sa.column("number", sa.Integer()),
    sa.column("files", JSON),
    *(sa.column(name, sa.String()) for name in LENGTHS),
)
DEFINITIONS = sa.table(
    "process_definition", sa.column("id", sa.BigInteger()), *(sa.column(name, sa.String()) for name in LENGTHS)
)


def upgrade() -> None:
    _add_columns("process_version")
    connection = op.get_bind()
    definitions = {row["id"]: row for row in connection.execute(sa.select(DEFINITIONS)).mappings()}
    for id_, definition_id in connection.execute(sa.select(VERSIONS.c.id, VERSIONS.c.definition_id)).all():
        files = connection.scalar(sa.select(VERSIONS.c.files).where(VERSIONS.c.id == id_))
        told = _told(files, definitions[definition_id])
        connection.execute(sa.update(VERSIONS).where(VERSIONS.c.id == id_).values(told))
    _require_columns("process_version")
    with op.batch_alter_table("process_definition") as batch_op:
        for name in LENGTHS:
            batch_op.drop_column(name)


def downgrade() -> None:
    _add_columns("process_definition")
    connection = op.get_bind()
    # The latest version of a definition comes last; one without a version is kept under a blank name.
    connection.execute(sa.update(DEFINITIONS).values(dict.fromkeys(LENGTHS, "")))
    columns = [VERSIONS.c.definition_id, *(VERSIONS.c[name] for name in LENGTHS)]
    for row in connection.execute(sa.select(*columns).order_by(VERSIONS.c.number)).mappings().all():
        told = {name: row[name] for name in LENGTHS}
        connection.execute(sa.update(DEFINITIONS).where(DEFINITIONS.c.id == row["definition_id"]).values(told))
    _require_columns("process_definition")
    with op.batch_alter_table("process_version") as batch_op:
        for name in LENGTHS:
            batch_op.drop_column(name)


def _told(files: Mapping[str, str], definition: Mapping[Any, Any]) -> dict[str, str]:
    """Return what a version's manifest says; without a manifest, what its definition said."""
    manifest = tomllib.loads(files.get("process.toml", ""))
    return {name: str(manifest.get(name, definition[name]))[:length] for name, length in LENGTHS.items()}


def _add_columns(table: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        for name, length in LENGTHS.items():
            batch_op.add_column(sa.Column(name, sa.String(length), nullable=True))


def _require_columns(table: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        for name, length in LENGTHS.items():
            batch_op.alter_column(name, existing_type=sa.String(length), nullable=False)
