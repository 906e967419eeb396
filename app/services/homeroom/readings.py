"""Reading a list as people type it: names instead of numbers, several assistants with marks between them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.errors import Invalid
from app.domain.homeroom_lists import ClassPosts
from app.domain.text import N_, Sentence, sentence
from app.services.homeroom.teachers import Teachers

_BETWEEN = re.compile(r"[、，,；;/]")


@dataclass(frozen=True)
class TypedClass:
    """A class as it was typed."""

    class_name: str = ""
    teacher: str = ""
    assistants: str = ""

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed."""
        return not (self.class_name or self.teacher or self.assistants)


def kept(from_on: str, typed: Sequence[TypedClass]) -> dict[str, Any]:
    """Return what was typed as a draft keeps it."""
    return {"from": from_on, "classes": [asdict(one) for one in typed]}


def found_again(values: Mapping[str, Any]) -> list[TypedClass]:
    """Return the classes of a draft."""
    return [TypedClass(**one) for one in values["classes"]]


def written(posts: ClassPosts, teachers: Teachers) -> TypedClass:
    """Write a class as somebody would type it."""
    teacher = teachers.labels[posts.teacher_id] if posts.teacher_id is not None else ""
    return TypedClass(posts.class_name, teacher, "、".join(teachers.labels[each] for each in posts.assistant_ids))


def read(typed: Sequence[TypedClass], teachers: Teachers) -> list[ClassPosts]:
    """Return the classes that were typed; raises Invalid by field where a name fits nobody or several."""
    errors: dict[str, list[Sentence]] = {}
    classes = []
    for place, one in enumerate(typed):
        led = _found(one.teacher, teachers, f"classes.{place}.homeroom_teacher", errors)
        helped = _found(one.assistants, teachers, f"classes.{place}.assistants", errors)
        if len(led) > 1:
            several = sentence(N_("一个班只有一位班主任；其他人请填在助理里。"))
            errors[f"classes.{place}.homeroom_teacher"] = [several]
        classes.append(ClassPosts(one.class_name, led[0] if led else None, tuple(helped)))
    if errors:
        raise Invalid(errors)
    return classes


def _found(text: str, teachers: Teachers, path: str, errors: dict[str, list[Sentence]]) -> list[int]:
    """Return the people whom a text names; what fits nobody or several becomes an error."""
    found = []
    for name in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        people = teachers.find(name)
        if len(people) == 1:
            found += people
        else:
            errors.setdefault(path, []).append(_fault(name, len(people)))
    return found


def _fault(name: str, count: int) -> Sentence:
    told: Mapping[str, object] = {"name": name, "count": count}
    if count:
        return sentence(N_("本校有 %(count)d 位“%(name)s”，请在姓名后面空一格加上用户名。"), **told)
    return sentence(N_("本校没有叫“%(name)s”的在职老师。新来的老师请先由流程管理员添加。"), name=name)
