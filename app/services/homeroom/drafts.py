"""A list of homeroom teachers as it is asked for, and whether it may stand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.registers import HomeroomList
from app.domain import class_names, clock, school_years
from app.domain.errors import Invalid, Stale
from app.domain.homeroom_lists import ClassPosts
from app.domain.text import N_, Sentence, sentence
from app.services.homeroom.teachers import Teachers, teachers_of

LONGEST_NAME = 60
MOST_CLASSES = 200
MOST_ASSISTANTS = 5

Errors = dict[str, list[Sentence]]


@dataclass(frozen=True)
class ListDraft:
    """A list to be confirmed; `revision` is the one of its school year that was seen, 0 where there was none."""

    school_year: int
    revision: int
    from_on: date | None
    classes: Sequence[ClassPosts] = ()

    def tidy(self) -> "ListDraft":
        """Return the list with the names of its classes as they are kept."""
        named = [replace(one, class_name=class_names.normalized(one.class_name)) for one in self.classes]
        return replace(self, classes=named)


@dataclass(frozen=True)
class Checked:
    """A list that may stand: its classes as they are kept, and the day from which it holds."""

    from_on: date
    classes: tuple[ClassPosts, ...]


def check(session: Session, organization: Organization, draft: ListDraft, last: HomeroomList | None) -> Checked:
    """Return the list as it may stand; raises Invalid by field, and Stale where another was confirmed meanwhile."""
    errors = _errors_of_period(draft, last)
    teachers = teachers_of(session, organization.id, draft.from_on or clock.today())
    classes = tuple(draft.tidy().classes)
    errors |= _errors_of_classes(classes, teachers)
    if errors or draft.from_on is None:
        raise Invalid(errors)
    known = last.revision if last is not None and last.school_year == draft.school_year else 0
    if draft.revision != known:
        raise Stale(N_("名单刚才有人确认过，请刷新页面看最新的，再接着改。"))
    return Checked(draft.from_on, classes)


def _errors_of_period(draft: ListDraft, last: HomeroomList | None) -> Errors:
    today = clock.today()
    if draft.school_year not in {school_years.school_year_of(today), school_years.year_to_confirm(today)}:
        return {"school_year": [sentence(N_("现在只能确认本学年的名单；七月起可以确认下学年的。"))]}
    if draft.from_on is None:
        return {"from": [sentence(N_("请填从哪一天起。"))]}
    first, latest = school_years.first_day(draft.school_year), school_years.last_day(draft.school_year)
    if not first <= draft.from_on <= latest:
        words = N_("请填 %(first)s 到 %(last)s 之间的日期。")
        return {"from": [sentence(words, first=first.isoformat(), last=latest.isoformat())]}
    if last is not None and draft.from_on < last.from_on:
        words = N_("已有从 %(day)s 起的名单，请填这一天或以后。")
        return {"from": [sentence(words, day=last.from_on.isoformat())]}
    return {}


def _errors_of_classes(classes: Sequence[ClassPosts], teachers: Teachers) -> Errors:
    if not 0 < len(classes) <= MOST_CLASSES:
        return {"classes": [sentence(N_("名单里要有 1 到 %(most)d 个班。"), most=MOST_CLASSES)]}
    count: Mapping[str, int] = Counter(one.class_name for one in classes)
    errors: Errors = {}
    for place, one in enumerate(classes):
        found = {
            "class_name": _fault_of_name(one.class_name, count),
            "homeroom_teacher": _fault_of_teacher(one, teachers),
            "assistants": _fault_of_assistants(one, teachers),
        }
        errors |= {f"classes.{place}.{name}": [fault] for name, fault in found.items() if fault is not None}
    return errors


def _fault_of_name(name: str, count: Mapping[str, int]) -> Sentence | None:
    if not 0 < len(name) <= LONGEST_NAME:
        return sentence(N_("请填班级，例如 三（2）班，最多 %(most)d 个字。"), most=LONGEST_NAME)
    if count[name] > 1:
        return sentence(N_("“%(name)s”写了 %(count)d 次，一个班只写一行。"), name=name, count=count[name])
    return None


def _fault_of_teacher(one: ClassPosts, teachers: Teachers) -> Sentence | None:
    if one.teacher_id is None:
        return sentence(N_("请填班主任；这个班不再有了，请删去这一行。"))
    return None if one.teacher_id in teachers else sentence(N_("班主任要是本校在职的老师。"))


def _fault_of_assistants(one: ClassPosts, teachers: Teachers) -> Sentence | None:
    people = one.assistant_ids
    if len(people) > MOST_ASSISTANTS:
        return sentence(N_("一个班最多 %(most)d 位班主任助理。"), most=MOST_ASSISTANTS)
    if len(set(people)) < len(people) or one.teacher_id in people:
        return sentence(N_("班主任和助理不能是同一个人，助理也不能写两次。"))
    return None if all(each in teachers for each in people) else sentence(N_("班主任助理要是本校在职的老师。"))
