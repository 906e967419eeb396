"""The operations by which a round determines its hosts and their members."""

from typing import Any

from app.db.rounds import Round
from app.domain.rounds import RoundStage
from app.domain.selections import TieBreak, tie_at
from app.domain.vocabulary import Verdict
from app.engine.paths import beside
from app.services.operations.call import Call
from app.services.operations.decided_rounds import held_at, note
from app.services.operations.findings import Findings
from app.services.rounds import reviews, stages
from app.services.selections import hosts, members, mentors, outcomes, proposals, sheets


def draw_decision_sheet(call: Call) -> dict[str, Any]:
    """Draw the sheet of a round's hosts, and tell whether its rule asks for another vote among those level."""
    round_ = _deciding(call)
    sheet = sheets.draw(call.session, round_, call.rules)
    level = tie_at(sheets.standings_in(sheet), round_.seats)
    people = {one.candidate.id for one in level}
    rows = [row for row in sheet.rows if row["person"] in people]
    is_voted = sheets.formula_in(sheet).tie_break == TieBreak.RUNOFF and bool(sheet.formula["papers"])
    return {
        "candidates": len(sheet.rows),
        "is_runoff": is_voted and bool(rows),
        "level": [{"id": row["person"], "name": row["name"], "hint": row["school"]} for row in rows],
        "open_seats": max(round_.seats - (level[0].place - 1 if level else 0), 1),
        **_voting(round_, call),
    }


def settle_order(call: Call) -> dict[str, Any]:
    """Draw the sheet with what the other vote came to, and tell whether the group's leader stands apart."""
    round_ = _deciding(call)
    tally = call.params.get("tally")
    runoff = {int(row["id"]): int(row["votes"]) for row in tally or ()}
    sheet = sheets.draw(call.session, round_, call.rules, runoff)
    return {
        "is_leader_apart": hosts.is_leader_apart(call.session, round_),
        "is_tied": bool(tie_at(sheets.standings_in(sheet), round_.seats)),
    }


def record_hosts(call: Call) -> dict[str, Any]:
    """Record who becomes a host. Raises Refused by field, Forbidden for a candidate who decides."""
    round_ = _deciding(call)
    hosts.refuse_candidate(call.session, round_, call.actor)
    chosen = [int(person) for person in call.params.get("hosts") or ()]
    if call.params.get("verdict") == Verdict.REFUSE:
        return {"verdict": "given_up", "hosts": 0, "names": ""}
    findings = Findings(call.rules)
    hosts.judge(sheets.drawn(call.session, round_), round_.seats, chosen, call.params.get("departures"), findings)
    findings.conclude()
    sheet = hosts.determine(call.session, round_, call.actor, chosen, call.params.get("departures"))
    note(call, round_, {"hosts": chosen, "sheet": sheet.content_hash})
    return {"verdict": "decided", "hosts": len(chosen), "names": sheets.names_in(sheet.rows, chosen)}


def record_members(call: Call) -> dict[str, Any]:
    """Record who becomes a member of whose studio. Raises Refused by field and by the roster rules."""
    round_ = _deciding(call)
    studios, placed = members.gather(call.session, round_), members.placements_in(call.params.get("members"))
    findings = Findings(call.rules)
    members.judge(call.session, studios, placed, findings)
    findings.conclude()
    members.determine(call.session, round_, call.actor, studios, placed)
    note(call, round_, {"members": [person for person, _host in placed]})
    return {"members": len(placed), "checks": findings.checks}


def note_proposals(call: Call) -> dict[str, Any]:
    """Note whom the chosen hosts proposed as members, so that whoever decides sees it at every name."""
    asked = beside(call.element, proposals.PROPOSING)
    return {"proposals": proposals.note(call.session, _deciding(call), call.instance_id, asked)}


def record_mentors(call: Call) -> dict[str, Any]:
    """Record who becomes the mentor of whose studio. Raises Refused by field; a studio without one is warned of."""
    round_ = _deciding(call)
    rows, findings = mentors.named_in(call.params.get("mentors")), Findings(call.rules)
    found = mentors.judge(call.session, round_, call.actor, rows, findings)
    findings.conclude()
    mentors.determine(call.session, round_, rows, found)
    note(call, round_, {"mentors": {str(host): mentor for host, mentor in found.items()}})
    return {"mentors": len(found), "checks": findings.checks}


def _deciding(call: Call) -> Round:
    return held_at(call, RoundStage.DECIDING, (RoundStage.REVIEWING,))


def _voting(round_: Round, call: Call) -> dict[str, Any]:
    """Return how another vote is held: as the first was."""
    return {
        "scrutineers": stages.setting(round_, "scrutineers") or [],
        "working_days": outcomes.rule_of(call.rules, "vote.working_days"),
        "quorum": reviews.terms(round_)["quorum"],
    }
