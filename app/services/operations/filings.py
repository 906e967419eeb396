"""The operations of filings: a bureau's year with its audit, and a school's batch on its way up."""

from datetime import date, datetime
from typing import Any

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain import clock
from app.domain.dossiers import RANK_TITLES
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.filings import BATCH_KIND_TITLES, BatchState, Channel, FilingLevel, RowVerdict
from app.domain.school_years import titled
from app.domain.text import N_, sentence, visible
from app.engine.forms.list_fields import MOST_ROWS
from app.services.filings import (
    aggregating,
    arrivals,
    auditing,
    batches,
    corrections,
    effects,
    endings,
    lateness,
    letters,
    locks,
    outcomes,
    rank_corrections,
    replies,
    routes,
    runs,
    settling,
    supplements,
    withdrawing,
)
from app.services.filings.replies import Reply
from app.services.operations import principals
from app.services.operations.call import Call
from app.services.texts import full_day

LEFT = N_("还有 %(count)d 位，这几位再报以后接着补正")
# The elements whose contents a principal signs.
CORRECTED, SUPPLEMENT, CORRECTION = "correct_rows", "check_supplement", "check_request"
# What the form of a reply says of whom it does not name.
OTHERS_WAIT = "wait"
BEGIN_RUN, BEGIN_BATCH, BEGIN_LETTER = "begin_run", "begin_filing", "begin_letter"


def open_filing_run(call: Call) -> dict[str, Any]:
    """Open a bureau's year, or go on with one whose case has ended. Raises Conflict where it was begun without one."""
    school_year = _begun(call, BEGIN_RUN, "school_year")
    days = lateness.working_days(call.rules)
    run = runs.find(call.session, call.organization_id, school_year)
    if run is None:
        run = runs.add(call.session, call.organization_id, call.instance_id, school_year, days)
    else:
        run = runs.locked(call.session, run.id)
        arrivals.go_on(call.session, run, call.instance_id)
    return {"run": run.id, "year": titled(school_year).chinese(), "until": runs.until(school_year).isoformat()}


def close_filing_run(call: Call) -> dict[str, Any]:
    """End a bureau's year where nothing is under way to it. Abandoned while rows lie there, raises Conflict."""
    if call.params.get("run") is None:
        endings.abandon(call.session, call.instance_id)
        return {"left": 0, "until": None}
    run = _run(call)
    left = endings.end(call.session, run)
    return {"left": left, "until": runs.until(run.school_year).isoformat()}


def check_audit(call: Call) -> dict[str, int]:
    """Count what the clerk prepared. Raises Conflict where that is nothing, though there are rows to audit."""
    run = _run(call)
    counts = auditing.count_prepared(call.session, run)
    left = auditing.count_pending(call.session, run)
    if left and not counts:
        raise Conflict(N_("还没有审核任何一位老师：请先在名单里逐人写审核意见，再提交。"))
    return {
        "accepted": counts[RowVerdict.ACCEPT],
        "returned": counts[RowVerdict.RETURN],
        "refused": counts[RowVerdict.REFUSE],
        "left": left,
    }


def settle_rows(call: Call) -> dict[str, Any]:
    """Do what was prepared and confirmed. Raises Forbidden where nobody confirms, Conflict for one person alone."""
    if call.actor is None:
        raise Forbidden(N_("审核意见要由另一个人确认。"))
    run = _run(call)
    counts = settling.settle(call.session, run, call.actor.person_id)
    return {
        "accepted": counts[RowVerdict.ACCEPT],
        "returned": counts[RowVerdict.RETURN],
        "refused": counts[RowVerdict.REFUSE],
        "next": settling.next_of(call.session, run, is_final=_is_final(call, run)),
        "sum_by": lateness.sum_by(call.session, run).isoformat(),
    }


def make_effective(call: Call) -> dict[str, int]:
    """Let what passed be effective, at the level of the rule: only what two people audited."""
    run = _run(call)
    return {"effective": effects.make_effective(call.session, run) if _is_final(call, run) else 0}


def submit_up(call: Call) -> dict[str, int]:
    """Hand what a district passed to the city."""
    return {"rows": aggregating.submit_up(call.session, _run_id(call))}


def submit_batch(call: Call) -> dict[str, Any]:
    """Hand a school's list to the nearest bureau. Raises NotFound for another school's, Conflict where it is another case."""
    begun = _begun(call, BEGIN_BATCH, "batch")
    batch = batches.submit(call.session, begun, call.instance_id, call.organization_id)
    return {
        "batch": batch.id,
        "channel": batch.channel,
        "kind_name": sentence(BATCH_KIND_TITLES[batch.kind]).chinese(),
        "year": titled(batch.school_year).chinese(),
        "rows": len(batch.rows),
        "is_late": batch.is_late,
    }


def withdraw_batch(call: Call) -> None:
    """Withdraw what is open of a school's list whose case is abandoned."""
    withdrawing.withdraw_case(call.session, call.instance_id)


def read_batch(call: Call) -> dict[str, Any]:
    """Read what the school has to do about its batch now: of many rows that came back, as many as a form takes.

    Of a batch that is settled, say what it came to.
    """
    batch = _batch(call)
    returned = corrections.returned(call.session, batch)
    shown, left = returned[:MOST_ROWS], len(returned) - MOST_ROWS
    lines = [_line(one) for one in shown] + ([sentence(LEFT, count=left).chinese()] if left > 0 else [])
    state = corrections.state_of(call.session, batch)
    return {
        "state": state,
        "came_to": outcomes.summed_up(corrections.rows_of(call.session, batch)) if state == BatchState.SETTLED else "",
        "returned": "；".join(lines),
        "rows": [{"row": one.id} for one in shown],
    }


def check_correction(call: Call) -> dict[str, str]:
    """Check that only rows are corrected that came back, each once. Raises Invalid by field."""
    rows = corrections.check(call.session, _batch(call), call.params["rows"] or [])
    return {"names": "、".join(row.name for row in rows)}


def resubmit_rows(call: Call) -> dict[str, int]:
    """Send corrected rows up again. Raises Forbidden where the principal did not sign them."""
    principals.require_signature(call, CORRECTED, rows=call.params["rows"])
    signer = call.actor.person_id if call.actor else None
    return {"rows": corrections.resubmit(call.session, _batch(call).id, call.params["rows"] or [], signer)}


def check_reply(call: Call) -> dict[str, int]:
    """Check what is entered of a bureau's reply on paper. Raises Invalid by field, Conflict for a list not on paper."""
    exceptions = call.params["exceptions"] or []
    batch = _paper_batch(call)
    _check_day(call, batch.submitted_at)
    if "issuer" in call.params:
        replies.check_issuer(call.session, batch, _issuer(call))
    replies.check(call.session, FilingRow.batch_id == batch.id, exceptions)
    return {"exceptions": len(exceptions)}


def record_reply(call: Call) -> dict[str, int]:
    """Let the rows go as the bureau replied on paper.

    Raises Forbidden where one person entered and confirmed, Conflict for a list that is not on paper.
    """
    locks.hold_numbers(call.session)
    batch = batches.locked(call.session, _paper_batch(call).id)
    reply = Reply(call.params["number"], call.params["exceptions"] or [])
    confirmer = call.actor.person_id if call.actor else None
    return {"effective": replies.record(call.session, batch, reply, _issuer(call), confirmer)}


def open_letter(call: Call) -> dict[str, Any]:
    """Begin with a district's letter to a city that is not on the platform. Raises as a list that is handed in does."""
    begun = _begun(call, BEGIN_LETTER, "letter")
    letter = letters.begin(call.session, begun, call.instance_id, call.organization_id)
    return {"letter": letter.id, "year": titled(letter.run.school_year).chinese(), "rows": len(letter.rows)}


def check_letter_reply(call: Call) -> dict[str, int]:
    """Check what is entered of a city's reply to a letter. Raises Invalid by field."""
    exceptions = call.params["exceptions"] or []
    letter = letters.of_case(call.session, call.instance_id)
    _check_day(call, letter.sent_at)
    replies.check(call.session, letters.rows_in(letter), exceptions, is_partial=_is_partial(call))
    return {"exceptions": len(exceptions)}


def record_letter_reply(call: Call) -> dict[str, int]:
    """Let the rows of a letter go as the city replied, and count those that it has not replied to.

    Raises Forbidden where one person entered and confirmed.
    """
    reply = Reply(call.params["number"], call.params["exceptions"] or [], _is_partial(call))
    letter, confirmer = letters.of_case(call.session, call.instance_id), call.actor.person_id if call.actor else None
    effective = letters.record(call.session, letter, reply, call.params["issuer"], confirmer)
    return {"effective": effective, "left": letters.count_open(call.session, letter)}


def take_back_letter(call: Call) -> None:
    """Let the rows of a letter lie with its district again whose case is abandoned."""
    letters.take_back(call.session, call.instance_id)


def check_supplement(call: Call) -> dict[str, Any]:
    """Check whom a school files after its list. Raises Conflict where the rule takes none, and Invalid by field."""
    if (call.rules.get("rank.supplements") or {}).get("value") is False:
        raise Conflict(N_("按规则，汇总以后不能补报。"))
    year = supplements.year_of(call.session, call.instance_id)
    found = supplements.check(call.session, call.organization_id, year, call.params["rows"] or [])
    names = "、".join(f"{one.person.name}（{RANK_TITLES[one.rank]}）" for one in found)
    return {"names": names, "number": len(found), "manifest": supplements.manifest_of(found)}


def file_supplement(call: Call) -> dict[str, int]:
    """File what the principal signed. Raises Conflict where it has changed since, Forbidden where it is not signed."""
    principals.require_signature(call, SUPPLEMENT, manifest=call.params["manifest"])
    given, year = call.params["rows"] or [], supplements.year_of(call.session, call.instance_id)
    supplements.hold(call.session, call.organization_id, year)
    found = supplements.check(call.session, call.organization_id, year, given)
    if supplements.manifest_of(found) != call.params["manifest"]:
        raise Conflict(N_("名单在签署以后有改动，请重新补报。"))
    signer = call.actor.person_id if call.actor else None
    made = supplements.file(call.session, found, given, call.instance_id, signer)
    return {"batch": made.id}


def check_rank_correction(call: Call) -> dict[str, Any]:
    """Check which filed ranks a school corrects, and how. Raises Invalid by field."""
    found = rank_corrections.check(call.session, call.organization_id, call.params["rows"] or [])
    return {
        "names": "、".join(one.entry.person.name for one in found),
        "number": len(found),
        "lines": "；".join(one.line for one in found),
        "manifest": rank_corrections.manifest_of(found),
    }


def file_rank_correction(call: Call) -> dict[str, int]:
    """File the corrections that the principal signed.

    Raises Conflict where they have changed since, and Forbidden where they are not signed.
    """
    principals.require_signature(call, CORRECTION, manifest=call.params["manifest"])
    given = call.params["rows"] or []
    rank_corrections.hold(call.session, given)
    found = rank_corrections.check(call.session, call.organization_id, given)
    if rank_corrections.manifest_of(found) != call.params["manifest"]:
        raise Conflict(N_("台账或者更正的内容在签署以后有改动，请重新填写。"))
    signer = call.actor.person_id if call.actor else None
    made = rank_corrections.file(call.session, call.organization_id, found, call.instance_id, signer)
    return {"batch": made.id}


def _run_id(call: Call) -> int:
    """Return the year that the case is. Raises NotFound for another's."""
    found = call.session.get(FilingRun, call.params["run"])
    if found is None or found.instance_id != call.instance_id:
        raise NotFound
    return found.id


def _run(call: Call) -> FilingRun:
    return runs.locked(call.session, _run_id(call))


def _batch(call: Call) -> FilingBatch:
    """Return the batch that the case is. Raises NotFound for another's."""
    found = call.session.get(FilingBatch, call.params["batch"])
    if found is None or found.instance_id != call.instance_id:
        raise NotFound
    return found


def _paper_batch(call: Call) -> FilingBatch:
    """Return the batch that the case is, whatever its diagram says of the way. Raises Conflict for one that a bureau has."""
    found = _batch(call)
    if found.channel != Channel.PAPER:
        raise Conflict(N_("这份名单是在平台上报的，由教育局在平台上审核备案，学校不能登记批复。"))
    return found


def _begun(call: Call, element: str, field: str) -> int:
    """Return what the platform began a case with. Raises Conflict where somebody else did."""
    found = (call.values.get(element) or {}).get(field)
    if not isinstance(found, int):
        raise Conflict(N_("这件事由系统开始，不能单独发起。"))
    return found


def _is_final(call: Call, run: FilingRun) -> bool:
    """Tell whether ranks become effective at the level of a year: the city's, or a district's where its city's rule says so."""
    level = routes.level_of(run.organization)
    rule = runs.rules_above(call.session, run, call.rules).get("rank.effective_level") or {}
    return level in {FilingLevel.CITY, rule.get("value")}


def _issuer(call: Call) -> str:
    """Return who replied, as it was entered; older forms do not ask."""
    return visible(call.params.get("issuer") or "").strip()


def _is_partial(call: Call) -> bool:
    """Tell whether a reply leaves out whom it does not name; older forms do not ask."""
    return call.params.get("others") == OTHERS_WAIT


def _check_day(call: Call, sent_at: datetime) -> None:
    """Refuse a reply of a day that is still to come, or on which the list was not sent yet. Raises Invalid by field."""
    if call.params.get("replied_on") is None:
        return
    replied_on, sent_on = date.fromisoformat(call.params["replied_on"]), clock.shanghai(sent_at).date()
    if replied_on > clock.today():
        raise Invalid.field("replied_on", N_("批复的日期不能晚于今天。"))
    if replied_on < sent_on:
        raise Invalid.field("replied_on", N_("名单是%(day)s报送的，批复的日期不能早于这一天。"), day=full_day(sent_on))


def _line(row: FilingRow) -> str:
    # It stands in a row of them, which has its own full stop.
    reason = corrections.why(row).removesuffix("。")
    return sentence(
        N_("%(name)s（%(rank)s）：%(reason)s"), name=row.name, rank=RANK_TITLES[row.rank], reason=reason
    ).chinese()
