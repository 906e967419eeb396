"""A secret ballot in words: its state, who keeps it, and the tally sheet."""

from typing import Any

from flask_babel import gettext as _

from app.db.ballots import BallotScrutineer
from app.domain.ballots import Custody, Tally
from app.domain.tally import NO_QUORUM
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, Role
from app.services.ballots import standings
from app.services.ballots.roll_checks import Remark, RollCheck
from app.services.ballots.standings import BallotView
from app.services.collective.collective_views import Standing
from app.views.words import due_until, full_day, instant

STATES = {
    CollectiveStatus.PREPARING: (N_("等监票人"), "warn"),
    CollectiveStatus.OPEN: (N_("投票中"), "go"),
    CollectiveStatus.COUNTING: (N_("等计票"), "warn"),
    CollectiveStatus.SETTLED: (N_("已计票"), "ok"),
    CollectiveStatus.CLOSED: (N_("已计票"), "ok"),
    CollectiveStatus.CANCELLED: (N_("已取消"), ""),
}
FINGERPRINT = 8
REMARKS = {
    Remark.LEFT_OUT: N_("按规则不投票的"),
    Remark.GONE: N_("名单上有、已经不任班主任的，不在名册上"),
    Remark.UNLISTED: N_("任班主任、名单上没有的，不在名册上"),
    Remark.CLOSED: N_("账号停用的，不在名册上"),
    Remark.TWICE: N_("带两个班或者兼两职的，只算一次"),
    Remark.JOINED: N_("名册固定以后任职的，不在名册上"),
    Remark.LEFT: N_("名册固定以后离任的，不能再投"),
}


def progress_words(standing: Standing) -> str:
    """Return how far a ballot is, no closer than may be told."""
    task = standing.task
    if task.status == CollectiveStatus.PREPARING:
        return _("等三位监票人设置口令，然后开始投票")
    if task.status == CollectiveStatus.OPEN:
        if standing.turnout is None:
            return _("名册 %(roll)d 人，人少，截止以前不显示投票率", roll=task.roll)
        return _("名册 %(roll)d 人，投票率约 %(turnout)d%%", roll=task.roll, turnout=standing.turnout)
    if task.status == CollectiveStatus.COUNTING:
        return _("投票截止，等两位监票人开启选票、计票")
    return _("名册 %(roll)d 人，收到 %(answered)d 张选票", roll=task.roll, answered=standing.count.answered)


def state(view: BallotView) -> tuple[str, str]:
    """Return the state of a ballot as a word and its colour."""
    if view.task.outcome == NO_QUORUM:
        return _("人数不够"), "late"
    words, kind = STATES[view.task.status]
    return _(words), kind


def facts(view: BallotView) -> list[tuple[str, str]]:
    """Return what everybody who sees a ballot may know of it."""
    task, ballot = view.task, view.ballot
    is_frozen = ballot.voting_at is not None
    pairs = [
        (_("名册"), _("%(roll)d 人", roll=task.roll) if is_frozen else ""),
        (_("名册指纹"), task.roll_hash[:FINGERPRINT] if is_frozen else ""),
        (_("投票率"), _turnout(view) if task.status == CollectiveStatus.OPEN else ""),
        (_("截止"), due_until(task.due_at) if task.due_at else ""),
        (_("延长"), _("人数不够，延长过一次") if ballot.is_extended else ""),
        (_("监票人"), "、".join(_keeper(one.person.name, is_ready=_is_ready(view, one)) for one in view.keepers)),
        (_("投票开始"), instant(ballot.voting_at) if ballot.voting_at else ""),
    ]
    return [(label, words) for label, words in pairs if words]


def _turnout(view: BallotView) -> str:
    if view.turnout is None:
        return _("名册上人少，截止以前不显示")
    return _("约 %(turnout)d%%", turnout=view.turnout)


def secrecy(view: BallotView) -> str:
    """Return in one sentence what keeps the votes secret, and of whom that asks trust."""
    if view.ballot.custody == Custody.PLATFORM:
        return _("无记名：选票封存，计票前谁也看不到选了谁。这次由平台保管钥匙，改动服务器的人可能看到选票。")
    return _("无记名：选票封存，要两位监票人的口令才能开启；计票确认以后销毁，谁也查不出是谁投的。")


def roll(view: BallotView, check: RollCheck) -> dict[str, Any]:
    """Return the roll in words: what it goes by, and what stands out."""
    is_listed, from_on = view.task.role == Role.HOMEROOM_TEACHER, check.list_from_on
    basis = _("%(on)s起的班主任名单", on=full_day(from_on)) if from_on else _("任职登记；学校还没有确认过班主任名单")
    frozen = _("投票开始时固定，指纹 %(hash)s", hash=view.task.roll_hash[:FINGERPRINT])
    pairs = [
        (_("名册"), _("%(roll)d 人，没有人重复", roll=len(check.people))),
        (_("依据"), basis if is_listed else _("任职登记")),
        (_("固定"), frozen if check.is_frozen else _("三位监票人设好口令、投票开始的时候固定；现在按今天的任职算")),
    ]
    remarks = [(_(REMARKS[one]), "、".join(check.names[one])) for one in Remark if one in check.names]
    return {"pairs": pairs, "remarks": remarks}


def change(view: BallotView) -> str:
    """Return whether a vote may be changed until the end, in one sentence."""
    if view.ballot.can_change:
        return _("截止前可以改投，只算最后一次。")
    return _("投出以后不能改投，请核对好再投。")


def tally(view: BallotView) -> dict[str, Any]:
    """Return the published tally sheet. Raises Conflict before the count is confirmed."""
    ballot, roll = view.ballot, view.task.roll
    rows = [
        {"place": str(one.place), "name": one.choice.name, "hint": one.choice.hint, "votes": str(one.votes)}
        for one in standings.tally_lines(view)
    ]
    numbers = (ballot.answered or 0, ballot.papers or 0, ballot.abstained or 0, ballot.void or 0)
    totals = _totals(roll, *numbers)
    return {"rows": rows, "totals": totals, "receipts": ballot.receipts or [], "tie": tie(view)}


def printed(view: BallotView) -> dict[str, Any]:
    """Return the tally sheet as it is printed. Raises Conflict before the count is confirmed."""
    found, task, ballot = tally(view), view.task, view.ballot
    frozen = [(_("名册指纹"), task.roll_hash[:FINGERPRINT])]
    begun = [(_("投票开始"), instant(ballot.voting_at))] if ballot.voting_at else []
    ended = [(_("投票截止"), instant(ballot.ended_at))] if ballot.ended_at else []
    pairs = [*found["totals"], *frozen, *begun, *ended]
    return {
        "title": _("%(step)s：%(title)s", step=task.element_name, title=view.case.title),
        "facts": [{"label": label, "value": words, "wide": False} for label, words in pairs],
        "rows": found["rows"],
        "tie": found["tie"],
        "keepers": [one.person.name for one in view.keepers],
        "receipts": found["receipts"],
    }


def tie(view: BallotView) -> str:
    """Return in a sentence who have equally many votes where that leaves places open."""
    tied = standings.tied(view)
    if not tied:
        return ""
    told = {"names": "、".join(one.name for one in tied), "places": view.ballot.places}
    return _("一共选 %(places)d 人，%(names)s得票相同，名额定不下来，只按规则写明的办法办。", **told)


def count(view: BallotView, found: Tally) -> dict[str, Any]:
    """Return a count that is not confirmed yet, as the scrutineer who made it sees it."""
    rows = [
        {"place": "", "name": choice.name, "hint": choice.hint, "votes": str(number)}
        for choice, number in zip(view.paper.choices, found.votes, strict=True)
    ]
    totals = _totals(view.task.roll, found.answered, found.papers, found.abstained, found.void)
    return {"rows": rows, "totals": totals, "receipts": [], "tie": ""}


def _totals(roll: int, answered: int, papers: int, abstained: int, void: int) -> list[tuple[str, str]]:
    share = f"{100 * answered / roll:.1f}%" if roll else "—"
    return [
        (_("名册"), _("%(roll)d 人", roll=roll)),
        (_("收到选票"), _("%(answered)d 张（投票率 %(share)s）", answered=answered, share=share)),
        *([(_("其中纸质"), _("%(papers)d 张", papers=papers))] if papers else []),
        (_("弃权"), _("%(abstained)d 张", abstained=abstained)),
        (_("无效"), _("%(void)d 张", void=void)),
    ]


def _is_ready(view: BallotView, one: BallotScrutineer) -> bool:
    return view.ballot.voting_at is not None or one.public_key is not None


def _keeper(name: str, *, is_ready: bool) -> str:
    return name if is_ready else _("%(name)s（还没设口令）", name=name)
