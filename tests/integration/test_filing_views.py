"""The pages and calls of filings: who sees which list, and how a clerk works through its rows."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.db.filings import FilingPaper
from app.db.people import Organization
from app.db.rank_reviews import RankApplication, RankReview
from app.db.schedules import Schedule
from app.db.work import Notification
from app.domain import clock
from app.domain.dossiers import Rank
from app.domain.errors import Conflict, Refused
from app.domain.filings import BatchStatus, Channel, FilingLevel, RowStatus, RowVerdict
from app.domain.ranks import RankApplicationResult
from app.domain.vocabulary import Affiliation
from app.services.filings import batches, listing, runs
from app.services.rank_reviews import closing
from app.services.rulebook import rules
from app.services.rulebook.rule_packs import load_packs
from app.services.starting import starts
from app.services.texts import full_day
from app.services.transactions import writing
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.filing_world import DAY, YEAR, Filing, filing, in_the_year
from tests.printed import words_of

__all__ = ["in_the_year"]  # a fixture


@pytest.fixture
def filed(site: Site) -> Filing:
    """Return a direct school whose list lies with the city."""
    assert site.world is not None
    world = filing(site.world, is_direct=True)
    world.file()
    world.school.session.rollback()
    return world


def test_a_clerk_audits_rows_on_the_page(site: Site, filed: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = site.browser("city_clerk")
    run, (first, second, _third) = filed.run("city"), filed.rows()
    address, ticked = f"/filings/{run.id}", {f"revision_{first.id}": "1", f"revision_{second.id}": "1"}
    page = clerk.get(address).text
    assert "周敏" in page
    assert "催办没有报的 1 所" in page
    assert "/filings" in clerk.get("/").text
    missing = clerk.post(f"{address}/rows", {"row": [first.id], **ticked, "verdict": "return", "reason": ""})
    assert missing.status_code == 422
    assert "要写明理由" in missing.text
    assert f'value="{first.id}" checked' in missing.text
    assert clerk.post(f"{address}/rows", {"row": ["一"], "verdict": "accept", "reason": ""}).status_code == 422
    chosen = {"row": [first.id, second.id], **ticked, "verdict": "accept", "reason": ""}
    assert clerk.post(f"{address}/rows", chosen).status_code == 302
    assert clerk.get(f"{address}?show=all").text.count("拟通过</span>") == 2
    assert clerk.post(f"{address}/rows", chosen).status_code == 409
    monkeypatch.setattr("app.views.pages.filings.MANY", 0)
    assert "确认催办" in clerk.post(f"{address}/urge").text
    assert clerk.post(f"{address}/urge", {"is_sure": "1"}).status_code == 302
    assert clerk.post(f"{address}/urge").status_code == 409
    assert site.browser("city_reviewer").post(f"{address}/urge").status_code == 403
    filed.school.session.rollback()
    with writing(filed.school.session):
        filed.school.session.scalars(select(Schedule)).one().stopped_at = clock.now()
    assert "没有采用评审、不用报的 1 所" in clerk.get(address).text
    answer = Caller(site.app, "city_clerk").get("/filings", year=YEAR).get_json()
    assert ([one["name"] for one in answer["not_adopted"]], answer["missing"]) == (["育新学校"], [])


def test_the_school_sees_its_own_list_and_others_nothing(site: Site, filed: Filing) -> None:
    batch, run = filed.rows()[0].batch_id, filed.run("city").id
    office = site.browser("office")
    assert f"/filings/lists/{batch}" in office.get("/filings").text
    assert "李若涵" in office.get(f"/filings/lists/{batch}").text
    assert office.get(f"/filings/{run}").status_code == 404
    for name in ("teacher", "other_legal", "district_clerk", "city_auditor"):
        stranger = site.browser(name)
        assert stranger.get(f"/filings/lists/{batch}").status_code == 404, name
        assert stranger.get(f"/filings/{run}").status_code == 404, name
        assert f"/filings/lists/{batch}" not in stranger.get("/filings").text, name
    filed.school.session.rollback()
    with writing(filed.school.session):
        filed.rows()[0].status = RowStatus.REFUSED
    assert "学校撤下" in office.get(f"/filings/lists/{batch}").text


def test_who_confirms_sees_counts_and_the_school_finds_its_task_on_the_list(site: Site, filed: Filing) -> None:
    first, *others = filed.rows()
    run = filed.run("city")
    filed.audit("city", "city_clerk", RowVerdict.RETURN, first, reason="缺第二年的聘书")
    filed.audit("city", "city_clerk", RowVerdict.ACCEPT, *others)
    filed.do(run.instance_id, "audit_rows", "city_clerk", "submit")
    filed.do(run.instance_id, "confirm_rows", "city_reviewer", "return")
    filed.do(run.instance_id, "audit_rows", "city_clerk", "submit")
    reviewer = site.browser("city_reviewer")
    page = reviewer.get(f"/tasks/{filed.item(run.instance_id)}").text
    for verdict, count in ("accept", 2), ("return", 1), ("refuse", 0), ("open", 0):
        assert f'href="/filings/{run.id}?verdict={verdict}"><b>{count}</b></a> <span>/ 3' in " ".join(page.split())
    # Handed in twice, with nothing to fill in.
    assert "看改了什么" not in page
    filed.do(run.instance_id, "confirm_rows", "city_reviewer", "accept")
    filed.settle()
    batch = filed.rows()[0].batch
    correcting, address = f"/tasks/{filed.item(batch.instance_id)}", f"/filings/lists/{batch.id}"
    assert correcting in site.browser("office").get(address).text
    told = reviewer.get(address).text
    assert "现在等政教处白露" in told
    assert correcting not in told
    asked = site.browser("office").get(correcting).text
    assert asked.count("文件未规定") == 1
    mended = {"rows": [{"row": first.id, "note": "聘书补上了"}]}
    filed.do(batch.instance_id or 0, "correct_rows", "office", "submit", mended)
    signer = site.browser("legal")
    assert "退回：缺第二年的聘书" in signer.get(f"/tasks/{filed.item(batch.instance_id)}").text
    listed = signer.get(address).text
    assert all(said in listed for said in ("聘书补上了", "退回过：缺第二年的聘书", "已补正，等校长签字"))


def test_the_list_is_printed_for_sealing_and_its_code_tells_whether_it_still_stands(site: Site, filed: Filing) -> None:
    batch = filed.rows()[0].batch_id
    address = f"/filings/lists/{batch}/list.pdf"
    office = site.browser("office")
    assert address in office.get(address.removesuffix("/list.pdf")).text
    printed = office.get(address)
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    assert Caller(site.app, "city_reviewer").get(f"/filings/{batch}/list.pdf").data == printed.data
    assert site.browser("other_legal").get(address).status_code == 404
    filed.school.session.rollback()
    paper = filed.school.session.scalars(select(FilingPaper)).one()
    assert "和平台上的一致" in office.get(f"/verify/{paper.code}").text
    with writing(filed.school.session):
        filed.rows()[-1].status = RowStatus.REFUSED
    assert "名单之后有变动" in office.get(f"/verify/{paper.code}").text
    with writing(filed.school.session):
        filed.rows()[0].rank = Rank.JUNIOR_2
    assert "以改动以后的为准" in office.get(f"/verify/{paper.code}").text
    assert office.get(address).data != printed.data
    with writing(filed.school.session):
        settled = filed.rows()[0].batch
        settled.channel, settled.status = Channel.PAPER, BatchStatus.SETTLED
    page = office.get(address.removesuffix("/list.pdf")).text
    assert "已经办结" in page
    assert "btn-primary" not in page


def test_who_was_refused_may_be_filed_after_the_list(site: Site, filed: Filing) -> None:
    row = filed.rows()[0]
    address = f"/filings/lists/{row.batch_id}"
    assert "补报名单以外的老师" not in site.browser("office").get(address).text
    assert "现在没有可以补报的老师" in site.browser("office").get("/start/rank_supplement").text
    with writing(filed.school.session):
        application = filed.school.session.get_one(RankApplication, row.application_id)
        application.result, application.review.filed_at = RankApplicationResult.REFUSED_ABOVE, clock.now()
        row.status = RowStatus.REFUSED
    assert "/start/rank_supplement" in site.browser("office").get(address).text
    assert "/start/rank_supplement" not in site.browser("city_clerk").get(address).text
    assert "李若涵" not in site.browser("office").get("/start/rank_supplement").text
    given = {"rows": [{"application": application.id, "note": "补上了任职证明"}]}
    case = starts.start(filed.school.session, filed.actor("office"), "rank_supplement", filed.place, given).instance
    with clock.frozen(clock.now() + DAY):
        filed.do(case, "sign_supplement", "legal", "sign")
        signed_on = full_day(clock.today())
    printed = words_of(site.browser("office").get(f"/filings/lists/{filed.rows()[-1].batch_id}/list.pdf").data)
    assert f"{signed_on}在平台上签字" in printed
    year, clerk = f"/filings/{filed.run('city').id}", site.browser("city_clerk")
    assert "补报</span>" in clerk.get(f"{year}?kind=supplement").text
    assert "没有符合筛选的老师" in clerk.get(f"{year}?kind=correction").text


def test_the_calls_tell_lists_and_take_verdicts(site: Site, filed: Filing) -> None:
    clerk, row = Caller(site.app, "city_clerk"), filed.rows()[0]
    found = clerk.get("/filings", year=YEAR).get_json()
    assert [one["name"] for one in (missing["organization"] for missing in found["missing"])] == ["育新学校"]
    batch = found["items"][0]["id"]
    assert clerk.get("/filings", year=YEAR - 1).get_json()["items"] == []
    shown = clerk.get(f"/filings/{batch}").get_json()
    assert [one["status"] for one in shown["rows"]] == ["pending"] * 3
    assert clerk.get(f"/filings/{batch}", difference="any").get_json()["rows"] == []
    call = f"/filings/{batch}/rows/{row.id}"
    assert clerk.post(call, {"verdict": "refuse", "revision": 1}).status_code == 422
    answer = clerk.post(call, {"verdict": "refuse", "reason": "年限不足", "revision": 1}).get_json()
    assert (answer["verdict"], answer["revision"]) == (RowVerdict.REFUSE, 2)
    assert clerk.post(call, {"verdict": "accept", "revision": 1}).status_code == 409
    office = Caller(site.app, "office")
    assert office.get(f"/filings/{batch}").status_code == 200
    wanted = {"verdict": "accept", "revision": 2}
    assert office.post(call, wanted).status_code == 403
    neighbour = Caller(site.app, "other_legal")
    assert [neighbour.get(f"/filings/{batch}").status_code, neighbour.post(call, wanted).status_code] == [404, 404]
    for status, level, said in (
        (RowStatus.RETURNED, FilingLevel.SCHOOL, "现在在学校"),
        (RowStatus.EFFECTIVE, FilingLevel.CITY, "已经办结（已生效）"),
    ):
        with writing(filed.school.session):
            row.status, row.level = status, level
        refused = clerk.post(call, wanted)
        assert (refused.status_code, said in refused.get_json()["detail"]) == (409, True)


def test_a_filter_narrows_and_all_that_it_finds_is_accepted_at_once(site: Site, filed: Filing) -> None:
    run, (strange, returned, _third) = filed.run("city").id, filed.rows()
    with writing(filed.school.session):
        strange.held = Rank.JUNIOR_1
    filed.audit("city", "city_clerk", RowVerdict.RETURN, returned, reason="缺材料")
    filed.school.session.rollback()
    clerk, address = site.browser("city_clerk"), f"/filings/{run}"
    even = clerk.get(f"{address}?difference=none").text
    assert strange.name not in even
    assert "筛选出的 1 位都写“通过”" in even
    assert strange.name in clerk.get(f"{address}?difference=register&school={filed.place}").text
    assert "没有符合筛选的老师" in clerk.get(f"{address}?difference=leap&district=1").text
    calls, wanted = Caller(site.app, "city_clerk"), {"difference": "none"}
    listed = calls.get(f"/filing-runs/{run}/rows", **wanted).get_json()
    assert ([one["differences"] for one in listed["items"]], listed["count"]) == ([[], []], 1)
    assert clerk.post(f"{address}/accept?difference=none", {"mark": "0-0-0"}).status_code == 409
    assert clerk.post(f"{address}/accept?difference=none", {"mark": listed["mark"]}).status_code == 302
    assert clerk.post(f"{address}/accept?difference=none", {"mark": listed["mark"]}).status_code == 409
    filed.school.session.rollback()
    assert [row.verdict for row in filed.rows()] == [None, RowVerdict.RETURN, RowVerdict.ACCEPT]
    rest = calls.get(f"/filing-runs/{run}/rows", verdict="open").get_json()
    assert [one["differences"] for one in rest["items"]] == [["register"]]
    assert calls.post(f"/filing-runs/{run}/accept", {"verdict": "open", "mark": rest["mark"]}).get_json() == {
        "count": 1
    }
    filed.audit("city", "city_clerk", RowVerdict.ACCEPT, filed.rows()[1])
    filed.confirm("city")
    filed.school.session.rollback()
    assert [row.status for row in filed.rows()] == [RowStatus.EFFECTIVE] * 3
    assert calls.get(f"/filing-runs/{run}/rows", difference="none").get_json()["count"] == 0
    assert Caller(site.app, "office").get(f"/filing-runs/{run}/rows").status_code == 404
    assert Caller(site.app, "city_reviewer").post(f"/filing-runs/{run}/accept", {"mark": "x"}).status_code == 403


@pytest.mark.parametrize("setting", ["city", "district"])
def test_a_private_school_files_where_the_rule_says(site: Site, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    assert site.world is not None
    packs = load_packs()
    key = "filing.private_to"
    rule = packs["s4"].parameters[key]
    pack = replace(packs["s4"], parameters={**packs["s4"].parameters, key: replace(rule, value=setting)})
    monkeypatch.setattr(rules, "load_packs", lambda: {**packs, pack.key: pack})
    world = filing(site.world)
    session, district = world.school.session, world.school.organizations["district"]
    with writing(session):
        session.get_one(Organization, world.place).affiliation = Affiliation.PRIVATE
        runs.expect(session, world.school.organizations["sibling"], YEAR)
    batch = world.file()
    assert (batch.district_run_id or batch.city_run_id) == world.run(setting).id
    below = {one.id for one in listing.schools_below(session, world.run("district"))}
    assert (world.place in below) is (setting == "district")
    with writing(session):
        session.get_one(Organization, world.school.organizations["sibling"]).affiliation = Affiliation.PRIVATE
        closing.close(session, session.get_one(RankReview, world.review))
    for place in ("city", "district"):
        calls, is_there = Caller(site.app, f"{place}_clerk"), place in {setting, "city"}
        found = calls.get("/filings", year=YEAR).get_json()
        assert [one["organization"]["name"] for one in found["missing"]] == ["育新学校"] * is_there
        assert [one["id"] for one in found["items"]] == [batch.id] * is_there
        assert calls.get(f"/filings/{batch.id}").status_code == (200 if is_there else 404)
    told = select(Notification.person_id).where(Notification.text.contains("已经终止，这一学年不再上报名单"))
    assert session.scalars(told).all() == [world.people[f"{setting}_clerk"]]
    asked: dict[str, Any] = {"from_on": clock.today(), "reason": "本区规定"}
    other = "city" if setting == "district" else "district"
    with pytest.raises(Refused):
        rules.change_rule(session, world.actor("district_admin"), district, "rank", key, other, **asked)
    with writing(session):
        school = session.get_one(Organization, world.place)
        school.parent_id, school.path = None, f"/{school.id}/"
    with pytest.raises(Conflict, match="上面没有教育局"), writing(session):
        batches.open_batch(session, world.review)
