"""The operations by which a round puts its list up, hears those who were chosen, fills vacant seats and appoints."""

from typing import Any

from app.db.rounds import Application, Round
from app.db.selections import AppointmentLetter
from app.domain import clock
from app.domain.notices import WORKING_DAYS
from app.domain.notification_kinds import NotificationKind
from app.domain.rounds import ApplicationResult, RoundDate, RoundStage
from app.domain.text import N_, sentence
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services import outbox
from app.services.operations.call import Call
from app.services.operations.decided_rounds import held_at, note
from app.services.operations.findings import Findings
from app.services.rounds import ending, stages
from app.services.selections import answers, appointing, hosts, lists, outcomes, vacancies
from app.services.texts import full_day

TOLD = N_("您已受聘为“%(studio)s”%(role)s，任期%(from_on)s至%(until_on)s。聘书在这件申报里看，可以打印。")
MENTOR_TOLD = N_("您已受聘为“%(studio)s”%(role)s，任期%(from_on)s至%(until_on)s。点开就是聘书，可以打印。")


def list_notice_names(call: Call) -> dict[str, Any]:
    """List who has still to stand on a public notice, with the text of the notice."""
    round_ = _held(call, RoundStage.NOTICING)
    term = {"from_on": full_day(round_.term_from), "until_on": full_day(round_.term_until)}
    return {
        "title": sentence(lists.TITLE, round=round_.title).chinese(),
        "intro": sentence(lists.INTRO, **term).chinese(),
        "persons": [
            {"id": one.person_id, "name": one.person.name, "line": lists.line_of(one)}
            for one in lists.to_post(call.session, round_)
        ],
        "working_days": outcomes.rule_of(call.rules, WORKING_DAYS),
        "subject": str(round_.id),
    }


def offer_appointments(call: Call) -> dict[str, Any]:
    """Strike who left the notice, and offer their posts to those who stood to its end."""
    round_ = _held(call, RoundStage.APPOINTING)
    left, remaining = set(call.params.get("left") or ()), set(call.params.get("remaining") or ())
    meant = lists.chosen(call.session, round_)
    gone = [one for one in meant if one.person_id in left]
    for one in gone:
        one.result = ApplicationResult.STRUCK
        ending.tell_result(call.session, one, ApplicationResult.STRUCK)
    offered = [one for one in meant if one.person_id in remaining and answers.answer_of(one) is None]
    for one in offered:
        ending.tell_result(call.session, one, ApplicationResult.CHOSEN)
    return {"offered": len(offered), "struck": len(gone)}


def count_answers(call: Call) -> dict[str, Any]:
    """Count who has not answered the offer yet; who declined is off the list."""
    round_ = _held(call, RoundStage.APPOINTING)
    known = lists.stood(call.session, round_)
    asked = [one for one in lists.chosen(call.session, round_) if one.person_id in known]
    declined = [one for one in asked if answers.has_declined(one)]
    for one in declined:
        one.result = ApplicationResult.DECLINED
    pending = sum(answers.answer_of(one) is None for one in asked if one not in declined)
    return {"pending": pending, "declined": len(declined)}


def fill_seats(call: Call) -> dict[str, Any]:
    """Put the next of the order forward for declined seats, or tell that the leader is to be asked."""
    return {"filling": vacancies.fill(call.session, _held(call, RoundStage.APPOINTING), call.rules)}


def put_forward(call: Call) -> dict[str, Any]:
    """Put forward whom the leader chose for a vacant seat. Raises Refused by field."""
    round_ = _held(call, RoundStage.APPOINTING)
    person, findings = int(call.params.get("person") or 0), Findings(call.rules)
    found = vacancies.vacancies(call.session, round_, call.rules)
    application = hosts.application_of(call.session, round_, person)
    if application is None or application.result != ApplicationResult.RESERVE:
        findings.fault("person", N_("请选这一批还没有入选的候选人。"))
    elif call.actor is not None and call.actor.person_id == person:
        findings.fault("person", N_("您不能递补自己，请领导小组的另一位来定。"))
    elif [person] != list(found.next) and not str(call.params.get("reason") or "").strip():
        findings.fault("reason", N_("没有照顺序，或者有人并列，请写明理由。"))
    findings.conclude()
    chosen = vacancies.put_forward(call.session, round_, person)
    note(call, round_, {"person": person, "reason": call.params.get("reason")})
    return {"name": chosen.person.name}


def appoint(call: Call) -> dict[str, Any]:
    """Appoint those who stood on the notice and accept: their studios, posts and letters."""
    round_ = _held(call, RoundStage.APPOINTING)
    days = int(outcomes.rule_of(call.rules, WORKING_DAYS) or 0)
    letters = appointing.appoint(call.session, round_, days)
    for letter in letters:
        _tell(call, letter)
    for organization_id in {one.application.organization_id for one in letters}:
        outbox.put(call.session, "posts_changed", {"organization": organization_id})
    stages.set_dates(round_, {RoundDate.APPOINT_ON: clock.today()})
    note(call, round_, {"appointed": [one.person.id for one in letters]})
    studios = {one.studio_id for one in letters}
    return {"verdict": "appointed" if letters else "nobody", "studios": len(studios), "people": len(letters)}


def _held(call: Call, stage: RoundStage) -> Round:
    return held_at(call, stage, (RoundStage.DECIDING, RoundStage.NOTICING, RoundStage.APPOINTING))


def _tell(call: Call, letter: AppointmentLetter) -> None:
    """Tell somebody of the appointment, through the own application: the round's case is not theirs to see.

    A mentor applied for nothing and is led to the letter itself.
    """
    application: Application = letter.application
    is_mentor = letter.role == Role.STUDIO_MENTOR
    text = sentence(
        MENTOR_TOLD if is_mentor else TOLD,
        studio=letter.studio.name,
        role=ROLE_TITLES[Role(letter.role)],
        from_on=full_day(letter.from_on),
        until_on=full_day(letter.until_on),
    ).chinese()
    place = {"instance": None, "link": f"/cases/{application.instance_id}/letter.pdf"}
    about = place if is_mentor else {"instance": application.instance_id}
    told = {"kind": NotificationKind.RESULT, "people": [letter.person.id], "text": text}
    outbox.put(call.session, "notify", {**about, **told})
