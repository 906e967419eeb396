"""A decision sheet in words: the formula as it was declared, the order with how each total comes about, who was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.db.selections import DecisionSheet
from app.domain.canonical import fingerprint
from app.domain.selections import SheetKind, TieBreak
from app.domain.serial import grouped_code
from app.domain.text import N_
from app.services.selections.reading import Decision
from app.views.words import instant

Row = Mapping[str, Any]
TITLES = {SheetKind.HOST: N_("主持人决定表"), SheetKind.MEMBER: N_("成员决定表")}
TIES = {
    TieBreak.PANEL: N_("总分一样的并列，由领导小组书面决定。"),
    TieBreak.REVIEW: N_("总分一样的，评议分高的在前；还一样的并列。"),
    TieBreak.YEARS: N_("总分一样的，任班主任年限长的在前；还一样的并列。"),
    TieBreak.RUNOFF: N_("总分一样、卡住名额的再投一次；还一样的并列。"),
}
HOST_COLUMNS = (
    ("place", N_("名次"), True),
    ("name", N_("姓名"), False),
    ("mean", N_("平均分"), True),
    ("review", N_("评议分"), True),
    ("votes", N_("得票"), True),
    ("share", N_("得票率"), True),
    ("total", N_("总分"), True),
    ("chosen", N_("结果"), False),
    ("reason", N_("理由"), False),
)
MEMBER_COLUMNS = (
    ("name", N_("姓名"), False),
    ("school", N_("学校"), False),
    ("wish", N_("意愿"), False),
    ("chosen", N_("结果"), False),
)


def sheets(found: Decision) -> list[dict[str, Any]]:
    """Return the sheets of a round, each with its columns, rows and the formula."""
    return [_sheet(found, one) for one in found.sheets]


def _sheet(found: Decision, sheet: DecisionSheet) -> dict[str, Any]:
    is_host = sheet.kind == SheetKind.HOST
    columns = HOST_COLUMNS if is_host else MEMBER_COLUMNS
    return {
        "id": str(sheet.kind),
        "title": _(TITLES[SheetKind(sheet.kind)]),
        "formula": formula(sheet.formula, found.round.seats) if is_host else [],
        "columns": [
            {"key": key, "label": _(label), "is_number": is_number, "is_head": key == "name"}
            for key, label, is_number in columns
        ],
        "rows": [
            _host_row(row, is_decided=sheet.decided_at is not None) if is_host else _member_row(row)
            for row in sheet.rows
        ],
        "balance": balance(sheet.rows) if is_host else [],
        "decided": _decided(sheet),
        "fingerprint": fingerprint(sheet.content_hash),
        "code": grouped_code(sheet.code),
    }


def formula(told: Row, seats: int) -> list[str]:
    """Return the formula in sentences that anybody can reckon by."""
    of_review, of_vote = told["weights"]
    lines = [_("名额 %(seats)d 个。", seats=seats)]
    if told["points"]:
        lines.append(_("评议分＝平均分÷%(points)d×100。", points=told["points"]))
    if told["papers"]:
        lines.append(_("得票率＝得票÷%(papers)d 张选票×100。", papers=told["papers"]))
    words = _("总分＝评议分×%(review)d%%＋得票率×%(vote)d%%，每一步四舍五入到两位小数。")
    return [*lines, words % {"review": of_review, "vote": of_vote}, _(TIES[TieBreak(told["tie_break"])])]


def balance(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return how those chosen spread over districts and stages, where they come from several."""
    chosen = [row for row in rows if row["is_chosen"]]
    if len({row["school"] for row in rows}) < 2:  # noqa: PLR2004 - a school's own round has nothing to balance
        return []
    return [
        (_(title), "、".join(f"{place} {count}" for place, count in sorted(_counted(chosen, key).items())))
        for key, title in (("district", N_("所在区")), ("school", N_("学校")))
    ]


def _counted(rows: Sequence[Row], key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        place = row[key] or _("未登记")
        found[place] = found.get(place, 0) + 1
    return found


def _host_row(row: Row, *, is_decided: bool) -> dict[str, str]:
    place = _("%(place)d（并列）", place=row["place"]) if row["is_tied"] else str(row["place"])
    result = (_chosen_words(row) if row["is_chosen"] else _("没有入选")) if is_decided else _("待定")
    return {
        "place": place,
        "name": row["name"],
        "mean": _figure(row["mean"]),
        "review": _figure(row["review"]),
        "votes": "—" if row["votes"] is None else str(row["votes"]),
        "share": _figure(row["share"]),
        "total": _figure(row["total"]),
        "chosen": result,
        "reason": row["reason"],
    }


def _chosen_words(row: Row) -> str:
    """Say that somebody becomes a host, and with which mentor; sheets of before mentors were named have none."""
    mentor = row.get("mentor_name")
    return _("主持人（导师：%(name)s）", name=mentor) if mentor else _("主持人")


def _member_row(row: Row) -> dict[str, str]:
    wish = [_("愿去%(name)s的工作室", name=row["wished_host"])] if row["wished_host"] else []
    allocated = [_("服从调配")] if row["accepts_allocation"] else []
    proposing = "、".join(row.get("proposed_by") or ())
    proposed = [_("%(names)s提名", names=proposing)] if proposing else []
    is_chosen = row["is_chosen"]
    return {
        "name": row["name"],
        "school": row["school"],
        "wish": "，".join(wish + allocated + proposed),
        "chosen": _("%(name)s的工作室", name=row["host_name"]) if is_chosen else _("没有入选"),
    }


def _decided(sheet: DecisionSheet) -> str:
    if sheet.decided_at is None:
        return _("还没有决定。")
    by = sheet.decided_by.name if sheet.decided_by else _("系统")
    return _("%(name)s %(at)s 决定", name=by, at=instant(sheet.decided_at))


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"
