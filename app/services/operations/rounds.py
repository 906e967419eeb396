"""The operations of a round: opening it, its dates, who applied, what review and vote came to, and its end."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.db.people import Organization
from app.db.rounds import Round
from app.domain import clock
from app.domain.errors import Invalid, NotFound
from app.domain.rounds import FARTHEST, FewerChoice, RoundDate, RoundStage
from app.domain.text import N_
from app.domain.vocabulary import STUDIO_PROGRAMMES
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.rounds import counting, ending, opening, reviews, stages
from app.services.rounds.opening import RoundDraft
from app.services.timing import calendars

DRAFT = "submit_round"
SEATS = ("selection.seats_min", "selection.seats_max")
TERM = "term.years"


def open_round(call: Call) -> dict[str, Any]:
    """Open a round with what the office filled in, and call whoever may apply. Raises Refused by field."""
    draft = _draft(call)
    findings = Findings(call.rules)
    _check_window(draft, findings)
    _check_term(draft, findings)
    _check_seats(draft, findings)
    findings.conclude()
    place = call.session.get_one(Organization, call.organization_id)
    programme = STUDIO_PROGRAMMES[place.kind]
    opened = opening.open_round(call.session, place.id, call.instance_id, programme, draft, call.rules)
    window = {"apply_from": draft.apply_from.isoformat(), "apply_until": draft.apply_until.isoformat()}
    return {"round": opened.id, "title": opened.title, **window, "checks": findings.checks}


def read_round_dates(call: Call) -> dict[str, Any]:
    """Read the dates of a round as they stand now, and whether the window is over."""
    held = _held(call)
    until = stages.date_of(held, RoundDate.APPLY_UNTIL)
    is_over = until is not None and clock.today() > until
    return {**{name.value: held.dates.get(name) for name in RoundDate}, "is_over": is_over}


def count_applications(call: Call) -> dict[str, Any]:
    """Count who applied once the window is closed."""
    held = _held(call)
    found = counting.count(call.session, held.id)
    findings = Findings(call.rules)
    note = findings.doubt if found.hosts < held.seats else findings.passed
    note(
        N_("名额 %(seats)d 个，受理主持人 %(hosts)d 人、成员 %(members)d 人。"),
        seats=held.seats,
        hosts=found.hosts,
        members=found.members,
    )
    return {
        "checks": findings.checks,
        "hosts": found.hosts,
        "members": found.members,
        "pending": found.pending,
        "seats": held.seats,
        "is_short": found.hosts < held.seats,
    }


def settle_few_applications(call: Call) -> dict[str, Any]:
    """Do what was decided where too few applied, or what the rule says. Raises Invalid for what cannot be."""
    held = _held(call)
    found = counting.count(call.session, held.id)
    given = call.params.get("choice")
    chosen = FewerChoice(given) if given else counting.by_rule(held, found)
    if chosen is FewerChoice.EXTEND and held.is_extended:
        raise Invalid.field("choice", N_("这一批已经延长过一次，不能再延长。请选继续或者终止。"))
    if chosen is FewerChoice.GO_ON and not found.hosts:
        raise Invalid.field("choice", N_("没有人申报主持人，不能继续。请选延长或者终止。"))
    if chosen is FewerChoice.EXTEND:
        counting.extend(call.session, held, found, call.actor.person_id if call.actor else None)
    return {"next": chosen}


def list_candidates(call: Call) -> dict[str, Any]:
    """List who is judged, and by what; the round is under review from now on."""
    held = _held(call)
    stages.enter(held, RoundStage.REVIEWING)
    return {"candidates": reviews.host_candidates(call.session, held.id), **reviews.terms(held)}


def check_scrutineers(call: Call) -> None:
    """Keep the scrutineers of a round. Raises Refused by field for a candidate, or one person named twice."""
    people, findings, held = call.params["people"], Findings(call.rules), _held(call)
    judged = {one["id"] for one in reviews.host_candidates(call.session, held.id)}
    for field, person in zip(("first", "second", "third"), people, strict=True):
        if person in judged:
            findings.fault(field, N_("候选人不能当监票人，请另选一位。"))
        elif people.count(person) > 1:
            findings.fault(field, N_("三位监票人要是不同的人。"))
    findings.conclude()
    held.settings = {**held.settings, "scrutineers": people}


def record_results(call: Call) -> dict[str, Any]:
    """Keep what review and vote came to; without scores, or without a vote that the rules ask for, it is not enough."""
    told = {name: call.params.get(name) for name in ("review", "vote", "answered")}
    results = {"scores": call.params.get("scores") or [], "tally": call.params.get("tally") or [], **told}
    return {"is_enough": reviews.keep_results(_held(call), results)}


def end_round(call: Call) -> None:
    """End a round in which somebody was appointed, and tell those who were not."""
    ending.end(call.session, _held(call), RoundStage.ENDED)


def call_off_round(call: Call) -> None:
    """Call a round off, and tell whoever applied; abandoned before it was opened, there is nothing to call off."""
    given = call.params.get("round")
    query = select(Round.id).where(Round.instance_id == call.instance_id)
    found = given if given is not None else call.session.scalar(query)
    if found is not None:
        ending.end(call.session, _held(call, found), RoundStage.CALLED_OFF)


def _held(call: Call, round_id: object = None) -> Round:
    """Return the round that the case is. Raises NotFound for another's."""
    held = stages.locked(call.session, round_id or call.params["round"])
    if held.instance_id != call.instance_id:
        raise NotFound
    return held


def _draft(call: Call) -> RoundDraft:
    values = call.values[DRAFT]
    days = {name: date.fromisoformat(values[name]) for name in ("term_from", "term_until", "apply_from", "apply_until")}
    return RoundDraft(title=values["title"], seats=values["seats"], **days)


def _check_window(draft: RoundDraft, findings: Findings) -> None:
    if max(abs(one - clock.today()) for one in (draft.apply_from, draft.apply_until)) > FARTHEST:
        findings.fault("apply_until", N_("申报的开始和截止都要在今天前后一年以内，请改日期。"))
    elif draft.apply_until < clock.today():
        findings.fault("apply_until", N_("申报截止不能早于今天，请改日期。"))
    elif draft.apply_until < draft.apply_from:
        findings.fault("apply_until", N_("申报截止不能早于申报开始，请改日期。"))
    elif not calendars.national().is_working_day(draft.apply_until).is_working:
        findings.fault("apply_until", N_("申报截止要是工作日，请换一天。"))
    else:
        days = calendars.national().working_days_between(draft.apply_from, draft.apply_until) + 1
        findings.passed(N_("申报时间 %(days)d 个工作日。"), days=days)


def _check_term(draft: RoundDraft, findings: Findings) -> None:
    years = findings.rule(TERM)
    if draft.term_until < draft.term_from:
        findings.fault("term_until", N_("工作周期结束不能早于开始，请改日期。"))
    elif years is not None:
        findings.passed(N_("工作周期按起止日期计，规则原则上是 %(years)d 年。"), TERM, years=years)


def _check_seats(draft: RoundDraft, findings: Findings) -> None:
    least, most = (findings.rule(name) for name in SEATS)
    if least is None or most is None:
        return
    is_planned = least <= draft.seats <= most
    note = findings.passed if is_planned else findings.doubt
    note(
        N_("名额 %(seats)d 个，规则计划 %(least)d 到 %(most)d 个。"),
        SEATS[0],
        seats=draft.seats,
        least=least,
        most=most,
    )
