"""What is answered of an entry in a teacher's file, as one object."""

from datetime import date

from pydantic import Field

from app.db.registers import DossierEntry
from app.services.registers.entries import Row
from app.views.api.fields import Answer, Instant, Reference
from app.views.api.items import reference
from app.views.api.register_rows import named


class Verified(Answer):
    organization: Reference = Field(description="核实的单位")
    by: Reference
    at: Instant


class EntryTold(Answer):
    id: int
    kind: str
    title: str
    category: str | None
    level: str | None = Field(description="school、district、city、province、nation")
    issuer: str
    class_name: str
    from_on: date = Field(serialization_alias="from")
    until_on: date | None = Field(serialization_alias="until")
    hours: int | None
    number: str
    source: str = Field(description="case 办件，import 导入，roster 班主任名单，founding 建档")
    instance: int | None
    evidence: list[str] = Field(description="证明材料，附件编号")
    verified: Verified


class EntryRow(EntryTold):
    person: Reference
    organization: Reference | None = Field(description="本人现在的单位；已经离开的没有")
    school: Reference | None = Field(description="任职的学校，在平台上的才有")


def entry_row(row: Row) -> EntryRow:
    """Return an entry with where its person works and what proves it."""
    entry = row.entry
    place = row.workplaces[0] if row.workplaces else None
    return EntryRow(
        id=entry.id,
        kind=entry.kind,
        person=named(entry.person),
        organization=Reference(id=place.id, name=place.name) if place else None,
        title=entry.title,
        category=entry.category,
        level=entry.level,
        issuer=entry.issuer,
        school=Reference(id=entry.school_id, name=entry.issuer) if entry.school_id else None,
        class_name=entry.class_name,
        from_on=entry.from_on,
        until_on=entry.until_on,
        hours=entry.hours,
        number=entry.number,
        source=entry.source,
        instance=entry.instance_id,
        evidence=list(row.evidence),
        verified=verified_of(entry),
    )


def verified_of(entry: DossierEntry) -> Verified:
    """Return who verified an entry, where and when."""
    by = named(entry.verified_by)
    return Verified(organization=reference(entry.verified_at_place), by=by, at=entry.verified_at)
