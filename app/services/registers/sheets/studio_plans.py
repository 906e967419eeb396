"""Importing studios that stood before the platform: their people, term, balance and earlier grades."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.errors import Refused
from app.domain.grades import GRADE_TITLES
from app.domain.sheets import NAME, SHEETS, SheetKind
from app.domain.text import N_, Sentence
from app.domain.vocabulary import STUDIO_LEVEL_TITLES, Role, StudioLevel
from app.services.accounts.positions import NOT_ONESELF
from app.services.registers.sheets import studio_writing
from app.services.registers.sheets.lines import Line, Lines, Mistakes, Noted
from app.services.registers.sheets.plans import Change, ChangeKind, Keeper, Plan, change_of, in_order
from app.services.registers.sheets.staff import Staff, studio_people
from app.services.registers.sheets.studio_writing import Balance, Founding, Grading, Post, Standing
from app.services.studios.rosters import Roster, check_roster
from app.services.studios.studios import NAME_LENGTH, PROGRAMME_OF

STUDIOS, PEOPLE, GRADES = (sheet.title for sheet in SHEETS[SheetKind.STUDIOS])
LONGEST = {"studio": NAME_LENGTH, "period": 40, "issuer": 120}
LEVELS = {title: level for level, title in STUDIO_LEVEL_TITLES.items()}
GRADE_OF = {title: grade for grade, title in GRADE_TITLES.items()}
ROLES = {N_("主持人"): Role.STUDIO_HOST, N_("成员"): Role.STUDIO_MEMBER, N_("导师"): Role.STUDIO_MENTOR}


@dataclass
class _Reading:
    """What is known while the sheets are read."""

    session: Session
    keeper: Keeper
    mistakes: Mistakes
    staff: Staff
    standing: Mapping[str, Standing]
    foundings: dict[str, Founding] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def founding(self, line: Line) -> Founding | None:
        """Return the studio that a row is about, or say that the first sheet does not have it."""
        name = line.values.get("studio")
        if name is None:
            return None
        if name not in self.lines:
            words = N_("“%(name)s”不在“%(sheet)s”表里，请先在那张表里填一行。")
            self.mistakes.add(line.at("studio"), words, name=name[:NAME_LENGTH], sheet=STUDIOS)
        return self.foundings.get(name)

    def keep(self, line: Line, *, is_new: bool) -> None:
        """Keep what becomes of a row."""
        self.changes.append(change_of(line, ChangeKind.ADDED if is_new else ChangeKind.UNCHANGED))


def plan_studios(session: Session, keeper: Keeper, lines: Lines, mistakes: Mistakes, noted: Noted) -> Plan:
    """Compare the rows of the three sheets with the school's studios."""
    _check_lengths(lines, mistakes)
    staff = studio_people(session, keeper.organization_id, lines[PEOPLE])
    reading = _Reading(session, keeper, mistakes, staff, studio_writing.standing(session, keeper.organization_id))
    steps = ((STUDIOS, _read_studio), (PEOPLE, _read_person), (GRADES, _read_grade))
    rows = [(read, line) for sheet, read in steps for line in lines[sheet]]
    for count, (read, line) in enumerate(rows, start=1):
        noted(count)
        read(reading, line)
    for name, founding in reading.foundings.items():
        _check_people(reading, reading.lines[name], founding)
    foundings = tuple(reading.foundings.values())

    def write(session: Session) -> None:
        studio_writing.write(session, keeper, foundings)

    return Plan(in_order(reading.changes), mistakes, write)


def _check_lengths(lines: Lines, mistakes: Mistakes) -> None:
    for line in (line for rows in lines.values() for line in rows):
        for column, most in LONGEST.items():
            if len(line.values.get(column, "")) > most:
                mistakes.add(
                    line.at(column),
                    N_("最多 %(most)d 个字，现在 %(now)d 个。"),
                    most=most,
                    now=len(line.values[column]),
                )


def _read_studio(reading: _Reading, line: Line) -> None:
    values, mistakes = line.values, reading.mistakes
    name, begun, ended = values.get("studio"), values.get("from_on"), values.get("until_on")
    balance = _balance(line, mistakes)
    if name is None:
        return
    if name in reading.lines:
        mistakes.add(line.at("studio"), N_("和第 %(row)d 行重复，请留一行。"), row=reading.lines[name].number)
        return
    reading.lines[name] = line
    if begun is None or ended is None or "level" not in values:
        return
    if ended < begun:
        mistakes.add(line.at("until_on"), N_("工作周期止不能早于工作周期起。"))
        return
    found = Founding(name, LEVELS[values["level"]], begun, ended, reading.standing.get(name))
    _check_standing(line, found, mistakes)
    is_new = found.standing is None
    if balance is not None and not _has_balance(found, balance, line, mistakes):
        found.balances.append(balance)
        is_new = True
    reading.foundings[name] = found
    reading.keep(line, is_new=is_new)


def _balance(line: Line, mistakes: Mistakes) -> Balance | None:
    amount, as_of = line.values.get("amount"), line.values.get("as_of")
    if amount is None and as_of is None:
        return None
    if as_of is None:
        mistakes.add(line.at("as_of"), N_("请填余额是哪一天的。"))
    elif amount is None:
        mistakes.add(line.at("amount"), N_("请填余额；没有经费就把余额日期也空着。"))
    elif amount < 0:
        mistakes.add(line.at("amount"), N_("余额不能小于 0。"))
    elif as_of > clock.today():
        mistakes.add(line.at("as_of"), N_("余额日期不能晚于今天。"))
    else:
        return Balance(as_of, amount)
    return None


def _check_standing(line: Line, found: Founding, mistakes: Mistakes) -> None:
    """Refuse to change the level and the term of a studio that stands already."""
    known = found.standing
    if known is None:
        return
    if known.level != found.level:
        title = STUDIO_LEVEL_TITLES[StudioLevel(known.level)]
        mistakes.add(line.at("level"), N_("这个工作室已在台账里，级别是%(level)s。"), level=title)
    for column, is_, was in (("from_on", found.from_on, known.from_on), ("until_on", found.until_on, known.until_on)):
        if is_ != was:
            mistakes.add(line.at(column), N_("这个工作室已在台账里，这一天是 %(day)s。"), day=was.isoformat())


def _has_balance(found: Founding, balance: Balance, line: Line, mistakes: Mistakes) -> bool:
    known = found.standing.balances.get(balance.as_of) if found.standing else None
    if known is not None and known != balance.amount:
        mistakes.add(line.at("amount"), N_("台账里这一天的余额不同，请核对。"))
    return known is not None


def _read_person(reading: _Reading, line: Line) -> None:
    values, mistakes = line.values, reading.mistakes
    person = reading.staff.find(line, mistakes)
    found = reading.founding(line)
    if person is not None and person.id == reading.keeper.person_id:
        mistakes.add(line.at(NAME), NOT_ONESELF)
    elif found is not None and person is not None and "role" in values:
        role, from_on = ROLES[values["role"]], values.get("from_on", found.from_on)
        if not found.from_on <= from_on <= found.until_on:
            mistakes.add(line.at("from_on"), N_("加入日期要在工作周期里。"))
        if not person.is_active and found.until_on >= clock.today():
            mistakes.add(line.at(NAME), N_("“%(name)s”已离开，不能再在工作室里任职。"), name=person.name)
        _add_post(reading, line, found, Post(person.id, role, from_on))


def _add_post(reading: _Reading, line: Line, found: Founding, post: Post) -> None:
    mistakes = reading.mistakes
    if any(one.person_id == post.person_id for one in found.posts):
        mistakes.add(line.at(NAME), N_("这个人在这个工作室里已有一行。"))
        return
    found.posts.append(post)
    if found.standing is None:
        reading.keep(line, is_new=True)
    elif (post.person_id, post.role) in found.standing.posts:
        reading.keep(line, is_new=False)
    else:
        mistakes.add(line.at(NAME), N_("这个工作室已在台账里，换人请走工作室变更。"))


def _read_grade(reading: _Reading, line: Line) -> None:
    values, mistakes = line.values, reading.mistakes
    found = reading.founding(line)
    graded_on = values.get("graded_on")
    if graded_on is not None and graded_on > clock.today():
        mistakes.add(line.at("graded_on"), N_("评定日期不能晚于今天。"))
    if found is None or graded_on is None or "grade" not in values or "period" not in values:
        return
    grading = Grading(values["period"], GRADE_OF[values["grade"]], graded_on, values.get("issuer", ""))
    if any(one.period == grading.period for one in found.grades):
        mistakes.add(line.at("period"), N_("这个工作室的这个时段已有一行。"))
        return
    known = found.standing.grades.get(grading.period) if found.standing else None
    if known is not None and known != grading.grade:
        mistakes.add(line.at("grade"), N_("台账里这个时段是%(grade)s，请核对。"), grade=GRADE_TITLES[known])
    found.grades.append(grading)
    reading.keep(line, is_new=known is None)


def _check_people(reading: _Reading, line: Line, found: Founding) -> None:
    """Demand one host of a new studio, and what the rules say of its people."""
    if found.standing is not None:
        return
    by_role = {role: [post.person_id for post in found.posts if post.role == role] for role in ROLES.values()}
    hosts, mentors = by_role[Role.STUDIO_HOST], by_role[Role.STUDIO_MENTOR]
    if len(hosts) != 1 or len(mentors) > 1:
        words = N_("“%(sheet)s”表里要有一位主持人，现在 %(count)d 位。") if len(hosts) != 1 else N_("导师只能有一位。")
        reading.mistakes.add(line.at("studio"), words, sheet=PEOPLE, count=len(hosts))
        return
    roster = Roster(hosts[0], tuple(by_role[Role.STUDIO_MEMBER]), mentors[0] if mentors else None)
    try:
        check_roster(reading.session, reading.keeper.organization_id, PROGRAMME_OF[found.level], roster)
    except Refused as refused:
        reading.mistakes.say(line.at("studio"), _first(refused.errors.values()))


def _first(sentences: Iterable[Sequence[Sentence]]) -> Sentence:
    return next(iter(sentences))[0]
