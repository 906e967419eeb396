"""A round determines its hosts by the sheet, with a reason for every departure, and then their members."""

from datetime import timedelta

import pytest

from app.db.rounds import Application
from app.db.selections import DecisionSheet
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.rounds import ApplicationResult, RoundStage
from app.domain.selections import SheetKind
from app.domain.vocabulary import Role
from app.services import completions
from app.services.completions import Completion
from app.services.filling import option_lists
from app.services.reading.cases import task_view
from app.services.selections import lists, sheets
from tests.integration.crowd import open_item
from tests.integration.panel_world import place_of, places
from tests.integration.prepared import database, grant, school
from tests.integration.school import School
from tests.integration.selection_world import Selection, selection

__all__ = ["database", "school"]  # fixtures
HOSTS = {"host": (92.0, 30), "teacher": (85.5, 34), "finance": (78.0, 20)}
MEMBERS = {"member": "host", "admin": None}


@pytest.fixture
def decided(school: School) -> Selection:
    """Return a round of two seats with three candidates, in this order: 周敏, 何静, 刘芸."""
    return selection(school, HOSTS, MEMBERS)


def choose(round_: Selection, instance: int, names: list[str], by: str = "legal", **reasons: str) -> None:
    values = {
        "hosts": [round_.people[name] for name in names],
        "departures": [{"person": round_.people[name], "reason": reason} for name, reason in reasons.items()],
    }
    round_.world.act(instance, by, "submit", values)


def place(round_: Selection, instance: int, **hosts: str) -> None:
    rows = [{"person": round_.people[name], "host": round_.people[host]} for name, host in hosts.items()]
    round_.world.act(instance, "legal", "submit", {"members": rows})


def sheet_of(round_: Selection, kind: SheetKind = SheetKind.HOST) -> DecisionSheet:
    round_.session.expire_all()
    found = sheets.find(round_.session, round_.round.id, kind)
    assert found is not None
    return found


def test_the_sheet_shows_how_each_total_comes_about(decided: Selection) -> None:
    instance = decided.begin("decision_stage")
    sheet = sheet_of(decided)
    figures = [(row["name"], row["review"], row["share"], row["total"], row["place"]) for row in sheet.rows]
    assert figures == [
        ("何静", 85.5, 85.0, 85.3, 1),
        ("周敏", 92.0, 75.0, 85.2, 2),
        ("刘芸", 78.0, 50.0, 66.8, 3),
    ]
    assert sheet.formula["weights"] == [60, 40]
    assert decided.case(instance).values["run"]["draw_sheet"]["candidates"] == 3
    assert decided.application("teacher").place == 1
    decided.session.refresh(decided.round)
    assert decided.round.stage == RoundStage.DECIDING


def test_the_leader_determines_hosts_and_members(decided: Selection) -> None:
    instance = decided.begin("decision_stage")
    choose(decided, instance, ["host", "teacher"])
    place(decided, instance, member="host", admin="teacher")
    case = decided.case(instance)
    assert (case.outcome, case.values["run"]["record_hosts"]["names"]) == ("done", "何静、周敏")
    assert decided.results() == {
        "host": ApplicationResult.CHOSEN,
        "teacher": ApplicationResult.CHOSEN,
        "finance": ApplicationResult.RESERVE,
        "member": ApplicationResult.CHOSEN,
        "admin": ApplicationResult.CHOSEN,
    }
    assert decided.application("admin").studio_host_id == decided.people["teacher"]
    assert sheet_of(decided).decided_by_id == decided.world.people["legal"]
    warned = [check["text"] for check in case.values["run"]["record_members"]["checks"]]
    assert "周敏的工作室：成员至少 3 人，现在 1 人。" in warned


def test_what_departs_from_the_order_needs_a_reason_per_name(decided: Selection) -> None:
    instance = decided.begin("decision_stage")
    with pytest.raises(Refused) as refused:
        choose(decided, instance, ["teacher", "finance"])
    assert [str(one) for one in refused.value.errors["departures"]] == [
        "周敏按顺序应当入选，没有选，请写明理由。",
        "刘芸排在名额以外，选了，请写明理由。",
    ]
    choose(decided, instance, ["teacher", "finance"], host="下学期外出支教", finance="依次递补")
    reasons = {row["name"]: (row["is_chosen"], row["reason"]) for row in sheet_of(decided).rows}
    assert reasons == {"何静": (True, ""), "周敏": (False, "下学期外出支教"), "刘芸": (True, "依次递补")}


def test_poor_choices_are_refused_by_field(decided: Selection) -> None:
    instance = decided.begin("decision_stage")
    for names in (list(HOSTS), [], ["member"]):
        with pytest.raises(Invalid) as refused:
            choose(decided, instance, names)
        assert "hosts" in {path.split(".")[0] for path in refused.value.errors}


def test_members_follow_their_wishes(school: School) -> None:
    round_ = selection(school, HOSTS, {"member": "host"})
    instance = round_.begin("decision_stage")
    choose(round_, instance, ["host", "teacher"])
    with pytest.raises(Refused) as refused:
        place(round_, instance, member="teacher")
    assert str(refused.value.errors["members.0.host"][0]) == "李若涵只报了别的工作室，不服从调配。"
    place(round_, instance, member="host")


def test_hard_roster_rules_refuse(school: School) -> None:
    round_ = selection(school, HOSTS, MEMBERS, changed={"roster.soft": False})
    instance = round_.begin("decision_stage")
    choose(round_, instance, ["host", "teacher"])
    with pytest.raises(Refused) as refused:
        place(round_, instance, member="host", admin="teacher")
    assert "成员至少 3 人，现在 1 人" in str(refused.value.errors["members"][0])
    assert refused.value.clause is not None


def test_the_leader_who_is_a_candidate_stands_apart(school: School) -> None:
    round_ = selection(school, {**HOSTS, "legal": (99.0, 40)}, {})
    instance = round_.begin("decision_stage")
    assert open_item(school, instance).element == "run/determine_for_leader"
    choose(round_, instance, ["legal", "teacher"], by="deputy")
    assert round_.application("legal").result == ApplicationResult.CHOSEN


def test_a_candidate_never_decides(school: School) -> None:
    round_ = selection(school, {**HOSTS, "deputy": (60.0, 1)}, {}, seats=4)
    grant(school, "deputy", Role.LEADERSHIP_GROUP_LEADER)
    instance = round_.begin("decision_stage")
    with pytest.raises(Invalid):
        choose(round_, instance, list(round_.people), by="deputy")
    with pytest.raises(Forbidden):
        school.act(instance, "deputy", "refuse")
    offered = option_lists.options_for(
        school.session, school.actor("deputy"), school.organizations["school"], ["round_candidates"]
    )
    assert offered["round_candidates"] == []


def test_nobody_is_determined_with_a_reason(decided: Selection) -> None:
    instance = decided.begin("decision_stage")
    decided.world.act(instance, "legal", "refuse", comment="候选人都不够条件")
    assert decided.case(instance).outcome == "done"
    assert decided.case(instance).values["run"]["record_hosts"]["verdict"] == "given_up"
    assert decided.results()["host"] is None


def test_a_tie_on_the_last_seat_is_shown_and_decided_in_writing(school: School) -> None:
    hosts = {"host": (92.0, 30), "teacher": (85.0, 30), "finance": (85.0, 30)}
    round_ = selection(school, hosts)
    instance = round_.begin("decision_stage")
    assert round_.case(instance).values["run"]["settle_order"]["is_tied"] is True
    assert [(row["place"], row["is_tied"]) for row in sheet_of(round_).rows] == [(1, False), (2, True), (2, True)]
    with pytest.raises(Refused) as refused:
        choose(round_, instance, ["host", "teacher"])
    assert str(refused.value.errors["departures"][0]) == "何静与别人并列，选了，请写明理由。"
    choose(round_, instance, ["host", "teacher"], teacher="带班年限更长")
    assert round_.application("teacher").result == ApplicationResult.CHOSEN


def test_a_tie_is_voted_on_again_where_the_rule_says_so(school: School) -> None:
    hosts = {"host": (92.0, 30), "teacher": (85.0, 30), "finance": (85.0, 30)}
    scrutineers = [school.people[name] for name in ("deputy", "legal", "admin")]
    rules = {"selection.tie_break": "runoff", "ballot.custody": "platform"}
    round_ = selection(school, hosts, changed=rules, scrutineers=scrutineers)
    instance = round_.begin("decision_stage")
    drawn = round_.case(instance).values["run"]["draw_sheet"]
    assert (drawn["is_runoff"], [row["name"] for row in drawn["level"]], drawn["open_seats"]) == (
        True,
        ["刘芸", "何静"],
        1,
    )


def test_applications_keep_their_places(decided: Selection) -> None:
    decided.begin("decision_stage")
    places = {name: decided.application(name).place for name in HOSTS}
    assert places == {"teacher": 1, "host": 2, "finance": 3}
    assert isinstance(decided.application("host"), Application)


MENTORED = {"members.chosen_by": "host", "roster.mentor_required": True}


def mentor(round_: Selection, instance: int, *rows: tuple[str, str]) -> None:
    named = [{"host": round_.people[host], "mentor": name, "standard": "professor"} for host, name in rows]
    round_.world.act(instance, "legal", "submit", {"mentors": named})


def test_the_leader_names_a_mentor_for_each_studio_and_one_without_is_warned_of(school: School) -> None:
    round_ = selection(school, HOSTS, changed=MENTORED)
    instance = round_.begin("decision_stage")
    choose(round_, instance, ["host", "teacher"])
    mentor(round_, instance, ("host", "other_host"))
    case = round_.case(instance)
    assert case.outcome == "done"
    assert [one["text"] for one in case.values["run"]["record_mentors"]["checks"]] == ["何静的工作室还没有导师。"]
    assert round_.application("host").mentor_id == school.people["other_host"]
    assert lists.line_of(round_.application("host")).endswith("工作室主持人，导师：罗佳")
    rows = {row["name"]: (row["mentor_name"], row["mentor_standard"]) for row in sheet_of(round_).rows}
    assert rows == {"周敏": ("罗佳", "professor"), "何静": ("", None), "刘芸": ("", None)}


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([("host", "没有这人")], "mentors.0.mentor"),
        ([("host", "host")], "mentors.0.mentor"),
        ([("host", "member")], "mentors.0.mentor"),
        ([("host", "legal")], "mentors.0.mentor"),
        ([("host", "other_host"), ("host", "deputy")], "mentors.1.host"),
    ],
)
def test_poor_mentors_are_refused_by_field(school: School, rows: list[tuple[str, str]], field: str) -> None:
    round_ = selection(school, HOSTS, {"member": "host"}, changed={"roster.mentor_required": True})
    instance = round_.begin("decision_stage")
    choose(round_, instance, ["host", "teacher"])
    place(round_, instance, member="host")
    with pytest.raises(Invalid) as refused:
        mentor(round_, instance, *rows)
    assert set(refused.value.errors) == {field}


def proposing(school: School) -> tuple[Selection, int]:
    """Return a round that asks the hosts first, and the stage in which they are asked."""
    round_ = selection(school, HOSTS, MEMBERS, changed={"members.chosen_by": "host_then_panel"})
    for name in ("host", "teacher"):
        grant(school, name, Role.HOMEROOM_TEACHER)
    instance = round_.begin("decision_stage")
    round_.round.instance_id = instance
    round_.session.commit()
    choose(round_, instance, ["host", "teacher"])
    return round_, instance


def propose(round_: Selection, instance: int, name: str, *members: str) -> None:
    item = place_of(round_.session, instance, round_.people[name])
    values = {"members": [round_.people[one] for one in members]}
    actor, asked = round_.world.actor(name), Completion(item.revision, "submit", values)
    completions.complete(round_.session, actor, item.id, asked)


def test_hosts_propose_members_and_the_group_decides(school: School) -> None:
    round_, instance = proposing(school)
    assert set(places(school, instance)) == {round_.people[name] for name in ("host", "teacher")}
    propose(round_, instance, "host", "member", "admin")
    propose(round_, instance, "teacher", "admin")
    place_id = school.organizations["school"]
    offered = option_lists.options_for(school.session, school.actor("legal"), place_id, ["round_members"])
    assert {one.label: one.hint for one in offered["round_members"]} == {
        "李若涵": "愿去周敏的工作室，周敏提名",
        "韩雪": "服从调配，周敏、何静提名",
    }
    place(round_, instance, admin="teacher")
    rows = {row["name"]: (row["proposed_by"], row["is_chosen"]) for row in sheet_of(round_, SheetKind.MEMBER).rows}
    assert rows == {"李若涵": (["周敏"], False), "韩雪": (["周敏", "何静"], True)}


def test_a_host_sees_the_proposal_page_alone(school: School) -> None:
    round_, instance = proposing(school)
    item = place_of(round_.session, instance, round_.people["host"])
    view = task_view(school.session, school.actor("host"), item.id)
    assert view.item.element == "run/propose_members"
    with pytest.raises(NotFound):
        task_view(school.session, school.actor("finance"), item.id)


def test_the_group_decides_without_hosts_who_propose_nobody_in_time(school: School) -> None:
    round_, instance = proposing(school)
    with clock.frozen(clock.now() + timedelta(days=10)):
        round_.settle()
        place(round_, instance, member="host")
    assert round_.case(instance).outcome == "done"


def test_where_hosts_recruit_only_they_are_determined(school: School) -> None:
    round_ = selection(school, HOSTS, changed={"members.chosen_by": "host"})
    instance = round_.begin("decision_stage")
    choose(round_, instance, ["host", "teacher"])
    case = round_.case(instance)
    assert (case.outcome, case.values["run"]["record_hosts"]["verdict"]) == ("done", "decided")
    assert sheets.find(round_.session, round_.round.id, SheetKind.MEMBER) is None
