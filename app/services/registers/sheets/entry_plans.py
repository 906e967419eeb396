"""Importing entries of teachers' files: service, honours, ranks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Position
from app.db.registers import IS_LIVE, DossierEntry
from app.domain import clock
from app.domain.dossiers import ENTRY_FORMS, LEVEL_TITLES, EntryKind, EntrySource, Level
from app.domain.entry_checks import Particulars, check_entry
from app.domain.sheets import HONOUR_OF, NAME, PERSON, SheetKind
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import OrganizationKind
from app.services.dossiers.recording import Entry, record_many
from app.services.registers.sheets.lines import Line, Lines, Mistakes, Noted, every
from app.services.registers.sheets.plans import Change, ChangeKind, Keeper, Plan, change_of, in_order
from app.services.registers.sheets.rank_history import refuse_own_filings
from app.services.registers.sheets.staff import Known, staff_of

# What of an entry says that two rows tell of the same thing: one that differs elsewhere corrects it.
SAME: Mapping[EntryKind, tuple[str, ...]] = {
    EntryKind.SERVICE: ("issuer", "class_name", "from_on"),
    EntryKind.HONOUR: ("title", "issuer", "from_on"),
    EntryKind.CLASS_HONOUR: ("title", "issuer", "from_on", "class_name"),
    EntryKind.RANK: ("category",),
}
KINDS: Mapping[SheetKind, tuple[EntryKind, ...]] = {
    SheetKind.SERVICE: (EntryKind.SERVICE,),
    SheetKind.HONOURS: tuple(HONOUR_OF.values()),
    SheetKind.RANKS: (EntryKind.RANK,),
}
OF = "of"
_WHO = frozenset({OF, *(column.name for column in PERSON)})
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Live:
    """An entry that stands in a file."""

    id: int
    organization_id: int
    source: EntrySource
    particulars: Particulars


@dataclass(frozen=True)
class Wanted:
    """A row that tells an entry, and what stands in the file of it."""

    line: Line
    person: Known
    particulars: Particulars
    live: Live | None

    @property
    def change(self) -> ChangeKind:
        """Return what becomes of the row."""
        if self.live is None:
            return ChangeKind.ADDED
        return ChangeKind.UNCHANGED if self.live.particulars == self.particulars else ChangeKind.CORRECTED


def plan_entries(
    session: Session, keeper: Keeper, kind: SheetKind, lines: Lines, mistakes: Mistakes, noted: Noted
) -> Plan:
    """Compare the rows with the files of the people whom they name."""
    read = list(_read(session, keeper, kind, lines, mistakes, noted))
    live = _live(session, keeper.organization_id, KINDS[kind])
    wanted = [Wanted(line, person, told, _meant(told, live.get(_key(person, told), ()))) for line, person, told in read]
    _refuse_own(keeper, wanted, mistakes)
    _refuse_others(keeper, wanted, mistakes)
    _refuse_filed(wanted, live, mistakes)
    if kind == SheetKind.RANKS:
        changed = [(one.line, one.particulars) for one in wanted if one.change != ChangeKind.UNCHANGED]
        refuse_own_filings(session, keeper.organization_id, changed, mistakes)
    schools = _schools(session, {one.particulars.issuer for one in wanted if one.particulars.kind == EntryKind.SERVICE})

    def write(session: Session) -> None:
        record_many(session, [_entry(keeper, one, schools) for one in wanted if one.change != ChangeKind.UNCHANGED])

    return Plan(in_order(map(_change, wanted)), mistakes, write)


def _read(
    session: Session, keeper: Keeper, kind: SheetKind, lines: Lines, mistakes: Mistakes, noted: Noted
) -> Iterable[tuple[Line, Known, Particulars]]:
    """Yield the rows that are right in themselves; of the others, say what is wrong."""
    staff, today = staff_of(session, keeper.organization_id), clock.today()
    seen: dict[Key, Line] = {}
    for count, line in enumerate(every(lines), start=1):
        noted(count)
        person = staff.find(line, mistakes)
        told = _particulars(keeper, kind, line, today, mistakes)
        if person is not None and told is not None:
            first = seen.setdefault(_key(person, told), line)
            if first is line:
                yield line, person, told
            else:
                mistakes.add(line.at(NAME), N_("和第 %(row)d 行重复，请留一行。"), row=first.number)


def _particulars(keeper: Keeper, kind: SheetKind, line: Line, today: date, mistakes: Mistakes) -> Particulars | None:
    entry_kind = HONOUR_OF.get(line.values.get(OF, "")) if kind == SheetKind.HONOURS else KINDS[kind][0]
    if entry_kind is None:
        return None
    told = {name: value for name, value in line.values.items() if name not in _WHO}
    if entry_kind == EntryKind.SERVICE:
        told.setdefault("issuer", keeper.organization_name)
    checked = check_entry(entry_kind, told, today)
    for column, sentences in checked.errors.items():
        mistakes.say(line.at(column), _under_heads(line, entry_kind, sentences[0]))
    return checked.particulars


def _under_heads(line: Line, kind: EntryKind, words: Sentence) -> Sentence:
    """Return a sentence that names the columns by the heads of the file."""
    labels = ENTRY_FORMS[kind].labels
    heads = {labels[one.name]: one.head for one in line.sheet.columns if one.name in labels}
    return sentence(words.message, **{name: heads.get(str(value), value) for name, value in words.params.items()})


def _key(person: Known, told: Particulars) -> Key:
    return (person.id, told.kind, *(getattr(told, column) for column in SAME[told.kind]))


def _live(session: Session, organization_id: int, kinds: Sequence[EntryKind]) -> dict[Key, list[Live]]:
    """Return what stands in the files of a school's people, in one statement."""
    columns = [getattr(DossierEntry, name) for name in Particulars.__dataclass_fields__]
    here = select(Position.person_id).where(Position.organization_id == organization_id)
    rows: Any = session.execute(
        select(DossierEntry.id, DossierEntry.person_id, DossierEntry.organization_id, DossierEntry.source, *columns)
        .where(DossierEntry.kind.in_(kinds), IS_LIVE)
        .where(DossierEntry.person_id.in_(here))
        .order_by(DossierEntry.id)
    )
    found: dict[Key, list[Live]] = {}
    for id_, person_id, school_id, source, *told in rows:
        kept = _kept(told)
        one = Live(id_, school_id, EntrySource(source), kept)
        found.setdefault(_key(Known(person_id, ""), kept), []).append(one)
    return found


def _meant(told: Particulars, found: Sequence[Live]) -> Live | None:
    """Return the entry that a row tells of: the very same where it stands, else the last that is about the same."""
    return next((one for one in found if one.particulars == told), found[-1] if found else None)


def _kept(told: Sequence[Any]) -> Particulars:
    """Return particulars as the database gives them, in the order of their names."""
    values = dict(zip(Particulars.__dataclass_fields__, told, strict=True))
    values |= {"kind": EntryKind(values["kind"]), "level": Level(values["level"]) if values["level"] else None}
    return Particulars(**values)


def _refuse_own(keeper: Keeper, wanted: Iterable[Wanted], mistakes: Mistakes) -> None:
    """Refuse what would change the keeper's own file; a row of an exported list that stands there already may stay."""
    for one in wanted:
        if one.person.id == keeper.person_id and one.change != ChangeKind.UNCHANGED:
            words = N_("自己的登记不能自己核实：请删去这一行，由另一位老师导入，或走档案登记。")
            mistakes.add(one.line.at(NAME), words)


def _refuse_others(keeper: Keeper, wanted: Iterable[Wanted], mistakes: Mistakes) -> None:
    """Refuse to correct what another school verified."""
    for one in wanted:
        if one.change == ChangeKind.CORRECTED and one.live and one.live.organization_id != keeper.organization_id:
            words = N_("这一条由别的学校核实过，内容和您填的不同：请走档案登记来更正。")
            mistakes.add(one.line.at(NAME), words)


def _refuse_filed(wanted: Iterable[Wanted], live: Mapping[Key, Sequence[Live]], mistakes: Mistakes) -> None:
    """Refuse to change ranks that were filed on the platform, or what came after them: another filing does."""
    filed_on: dict[int, date] = {}
    for (person_id, kind, *_rest), found in live.items():
        days = [one.particulars.from_on for one in found if one.source == EntrySource.CASE]
        if kind == EntryKind.RANK and days:
            filed_on[person_id] = min([*days, filed_on.get(person_id, date.max)])
    for one in wanted:
        first = filed_on.get(one.person.id, date.max)
        days = [one.particulars.from_on, *([one.live.particulars.from_on] if one.live else [])]
        if one.change != ChangeKind.UNCHANGED and max(days) >= first:
            words = N_("这位老师的职级已在平台上备案，不能直接改：有错请由学校报更正备案。")
            mistakes.add(one.line.at(NAME), words)


def _schools(session: Session, names: set[str]) -> dict[str, int]:
    """Return the schools of the platform by name, where the name is one school's only."""
    rows = session.execute(
        select(Organization.name, Organization.id).where(Organization.kind == OrganizationKind.SCHOOL)
    )
    found: dict[str, list[int]] = {}
    for name, id_ in rows:
        found.setdefault(name, []).append(id_)
    return {name: ids[0] for name, ids in found.items() if name in names and len(ids) == 1}


def _entry(keeper: Keeper, one: Wanted, schools: Mapping[str, int]) -> Entry:
    is_service = one.particulars.kind == EntryKind.SERVICE
    return Entry(
        person_id=one.person.id,
        organization_id=keeper.organization_id,
        particulars=one.particulars,
        source=EntrySource.IMPORT,
        entered_by_id=keeper.person_id,
        verified_by_id=keeper.person_id,
        school_id=schools.get(one.particulars.issuer) if is_service else None,
        corrects_id=one.live.id if one.live else None,
    )


def _change(one: Wanted) -> Change:
    if one.live is None or one.change != ChangeKind.CORRECTED:
        return change_of(one.line, one.change)
    form, now, was = ENTRY_FORMS[one.particulars.kind], asdict(one.particulars), asdict(one.live.particulars)
    differing = [column for column in form.labels if now[column] != was[column]]
    before = {
        column.head: column.in_words(_text(one.particulars.kind, column.name, was[column.name]))
        for column in one.line.sheet.columns
        if column.name in differing
    }
    return change_of(one.line, one.change, before)


def _text(kind: EntryKind, column: str, value: Any) -> str:
    """Write what stood in a file as a sheet would."""
    if value is None or value == "":
        return ""
    if column == "category":
        return ENTRY_FORMS[kind].categories[value]
    return LEVEL_TITLES[value] if column == "level" else str(value)
