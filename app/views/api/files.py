"""A teacher's file as one object: what counts, what took its place, what is on its way."""

from flask import Response
from pydantic import Field

from app.db.registers import DossierEntry, DossierLook
from app.services.dossiers import files
from app.services.dossiers.files import File, Waiting
from app.views.api.answering import OK, answer, known
from app.views.api.entry_rows import EntryTold, verified_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, Path, Reference
from app.views.api.register_rows import named
from app.views.database import get_session
from app.views.session import current_actor

family = Family("files", "档案")


class Entering(Answer):
    by: Reference
    at: Instant


class FileEntry(EntryTold):
    entered: Entering
    corrects: int | None = Field(description="代替了哪一条")


class EntryOnItsWay(Answer):
    instance: int
    serial: str
    title: str
    state: str = Field(description="waiting 等核实，returned 已退回")


class Looking(Answer):
    by: Reference
    position: str
    what: str = Field(description="file 档案，evidence 证明材料，register 台账，export 导出")
    at: Instant


class FilePerson(Reference):
    staff_number: str | None = Field(description="没有权看工号的是空")


class PersonFile(Answer):
    person: FilePerson
    entries: list[FileEntry] = Field(description="作数的")
    earlier: list[FileEntry] = Field(description="被更正代替的、划销了的")
    pending: list[EntryOnItsWay] = Field(description="还没有核实的")
    looks: list[Looking] | None = Field(description="谁看过；只给本人")


@family.get("/me/file", summary="自己的档案", responses={OK: PersonFile})
def mine() -> Response:
    """Return the own file."""
    actor = current_actor()
    return answer(_file(files.file_of(get_session(), actor, actor.person_id)))


@family.get("/people/<int:id>/file", summary="一个人的档案；看别人的会记下，本人看得到", responses={OK: PersonFile})
def show(path: Path) -> Response:
    """Return a person's file as far as the caller may see it; the look is noted."""
    return answer(_file(files.file_of(get_session(), current_actor(), known(path.id))))


def _file(found: File) -> PersonFile:
    person, sight = found.person, found.sight
    number = person.staff_number if sight.has_numbers else None
    struck_out = [entry for one in found.struck_out for entry in (one.entry, *one.earlier)]
    earlier = [*struck_out, *(entry for one in found.entries for entry in one.earlier)]
    return PersonFile(
        person=FilePerson(id=person.id, name=person.name, staff_number=number),
        entries=[_entry(one.entry) for one in found.entries],
        earlier=[_entry(entry) for entry in earlier],
        pending=[_pending(one) for one in found.waiting],
        looks=[_look(one) for one in found.looks] if sight.is_own else None,
    )


def _entry(entry: DossierEntry) -> FileEntry:
    return FileEntry(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        category=entry.category,
        level=entry.level,
        issuer=entry.issuer,
        class_name=entry.class_name,
        from_on=entry.from_on,
        until_on=entry.until_on,
        hours=entry.hours,
        number=entry.number,
        source=entry.source,
        instance=entry.instance_id,
        evidence=[proof.attachment_id for proof in entry.evidence],
        entered=Entering(by=named(entry.entered_by), at=entry.entered_at),
        verified=verified_of(entry),
        corrects=entry.corrects_id,
    )


def _pending(one: Waiting) -> EntryOnItsWay:
    state = "returned" if one.is_returned else "waiting"
    return EntryOnItsWay(instance=one.case.id, serial=one.case.serial, title=one.case.title, state=state)


def _look(one: DossierLook) -> Looking:
    return Looking(by=named(one.seen_by), position=one.position_title, what=one.what, at=one.seen_at)
