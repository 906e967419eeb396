"""Lists of homeroom teachers in words: classes by grade, and what a list changes."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from app.db.people import Organization
from app.domain.class_names import read_grade
from app.domain.homeroom_lists import CHANGE_TITLES, POST_ROLES, Change, ChangeKind, ClassPosts, Post, lines_of
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES
from app.services.homeroom.confirmations import Preview
from app.services.homeroom.lists import HomeroomView, stage_of
from app.services.homeroom.plans import Plan, PlannedClass
from app.services.homeroom.readings import TypedClass, written

_GRADES = (
    N_("一年级"),
    N_("二年级"),
    N_("三年级"),
    N_("四年级"),
    N_("五年级"),
    N_("六年级"),
    N_("七年级"),
    N_("八年级"),
    N_("九年级"),
    N_("高一"),
    N_("高二"),
    N_("高三"),
)
SPARE_ROWS = 2
MOST_TOGETHER = 12


def grades(found: HomeroomView, holders: set[tuple[int, Post]]) -> list[dict[str, Any]]:
    """Return the classes of a list grade by grade; a few stand together."""
    year = found.confirmed.school_year if found.confirmed else found.school_year
    is_short = len(found.classes) <= MOST_TOGETHER
    groups = groupby(
        found.classes, key=lambda one: _("各班") if is_short else _grade_of(one.class_name, found.organization, year)
    )
    return [
        {"id": f"grade-{place}", "title": title, "rows": [_row(one, found, holders) for one in classes]}
        for place, (title, classes) in enumerate(groups)
    ]


def unlisted(found: HomeroomView, holders: set[tuple[int, Post]]) -> set[int]:
    """Return who holds a post by position on the day of a list, and does not stand on it."""
    listed = {(line.person_id, line.post) for line in lines_of(found.classes)}
    return {person_id for person_id, _post in holders - listed}


def _grade_of(name: str, organization: Organization, school_year: int) -> str:
    grade = read_grade(name, stage_of(organization), school_year)
    if grade is None or not 0 < grade.number <= len(_GRADES):
        return str(_("其他班级"))
    return str(_(_GRADES[grade.number - 1]))


def _row(one: ClassPosts, found: HomeroomView, holders: set[tuple[int, Post]]) -> dict[str, Any]:
    is_gone = one.teacher_id is not None and (one.teacher_id, Post.FULL) not in holders
    return {
        "class_name": one.class_name,
        "teacher": found.names.get(one.teacher_id or 0, ""),
        "assistants": "、".join(found.names[each] for each in one.assistant_ids),
        "is_gone": is_gone,
    }


def typed_rows(typed: Sequence[TypedClass], plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the form, each with what is known of its class, and a few to be filled."""
    known = {one.posts.class_name: one for one in plan.classes if one.posts.class_name}
    rows = [*typed, *[TypedClass()] * SPARE_ROWS]
    return [{"typed": one, "hint": _hint(known.get(one.class_name), plan)} for one in rows]


def labels(rows: Sequence[TypedClass]) -> dict[str, str]:
    """Return how the fields of the form are called where what is wrong is summed up."""
    words = {"class_name": _("班级"), "homeroom_teacher": _("班主任"), "assistants": _("班主任助理")}
    return {
        f"classes.{place}.{name}": f"{row.class_name or _('第 %(number)s 行', number=place + 1)} {word}"
        for place, row in enumerate(rows)
        for name, word in words.items()
    } | {"from": str(_("生效日期"))}


def planned_rows(plan: Plan) -> list[TypedClass]:
    """Return what the form begins with."""
    return [written(one.posts, plan.teachers) for one in plan.classes]


def _hint(planned: PlannedClass | None, plan: Plan) -> dict[str, str]:
    if planned is None:
        return {}
    words = {"left": str(_("%(names)s已经离开本校", names="、".join(planned.left)))} if planned.left else {}
    if not planned.before:
        return words | {"before": str(_("新的班"))}
    is_raised = plan.is_first and planned.before != planned.posts.class_name
    return words | ({"before": str(_("原%(name)s", name=planned.before))} if is_raised else {})


def unplaced(typed: Sequence[TypedClass], plan: Plan) -> list[str]:
    """Return who led a class before, is still here, and stands in no class now."""
    placed = {one.teacher for one in typed}
    led = [one.teacher_id for one in plan.before.classes if one.teacher_id in plan.teachers]
    labels = dict.fromkeys(plan.teachers.labels[each] for each in led if each is not None)
    return [label for label in labels if label not in placed]


def changes(found: Preview) -> list[dict[str, Any]]:
    """Return what a list changes, kind by kind; what goes on as expected is folded away."""
    return [
        {
            "kind": str(kind),
            "title": str(_(title)),
            "rows": [_change(one, found.names) for one in ones],
            "is_folded": kind in {ChangeKind.MOVES, ChangeKind.STAYS},
        }
        for kind, title in CHANGE_TITLES.items()
        if (ones := [one for one in found.changes if one.kind == kind])
    ]


def _change(one: Change, names: Mapping[int, str]) -> dict[str, str]:
    classes = dict.fromkeys("、".join(filter(None, each)) for each in (one.before, one.after))
    return {
        "name": names.get(one.person_id, ""),
        "post": str(_(ROLE_TITLES[POST_ROLES[one.post]])),
        "classes": " → ".join(filter(None, classes)) or "—",
    }


def counted(found: Preview) -> list[dict[str, Any]]:
    """Return how many are concerned, for the figures on top."""
    classes = len({line.class_name for line in found.order.lines})
    people = {kind: sum(one.kind == kind for one in found.changes) for kind in ChangeKind}
    return [
        {"label": _("班级（个）"), "value": classes},
        *({"label": _(CHANGE_TITLES[kind]), "value": people[kind], "of": ""} for kind in CHANGE_TITLES),
    ]


def doubled(found: Preview) -> list[str]:
    """Return who would lead more than one class, and which."""
    return [
        str(_("%(name)s带 %(classes)s", name=found.names.get(one.person_id, ""), classes="、".join(one.after)))
        for one in found.changes
        if one.post == Post.FULL and len(one.after) > 1
    ]
