"""The pages of a review of ranks: what each sees of it, and the sheet on which the panel votes without a script."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.db.rank_reviews import RankApplication
from app.db.registers import DossierLook
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.errors import Refused
from app.domain.text import sentence
from app.domain.vocabulary import Role
from app.services.operations.rank_checks import TOP
from app.services.rank_reviews import readings
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.rank_review_world import (
    CLOSED,
    FIRST,
    PANEL,
    PROCESS,
    WHY,
    act,
    add_ranks,
    answer,
    apply,
    open_review,
    place_of,
    post,
    review_of,
    tick,
    verify,
    vote,
)
from tests.integration.rank_world import rank
from tests.integration.school import School


@pytest.fixture
def address(site: Site) -> str:
    assert site.world is not None
    add_ranks(site.world)
    found = f"/rank-reviews/{open_review(site.world).id}"
    verify(site.world, apply(site.world))
    return found


def test_teachers_see_their_own_application_and_the_office_all(site: Site, address: str) -> None:
    with clock.frozen(FIRST):
        assert "2026—2027 学年职级评审" in site.browser("finance").get("/rank-reviews").text
        assert "何静" in site.browser("teacher").get(address).text
        assert "何静" not in site.browser("host").get(address).text
        assert "看过原件" in site.browser("office").get(address).text
        assert site.browser("other_host").get(address).status_code == 404
    with clock.frozen(clock.at(date(2026, 10, 9), 9)):
        assert "9月30日 周三 以前，超过 2 个工作日" in site.browser("office").get(address).text


def test_the_api_tells_the_review_of_an_application(site: Site, address: str) -> None:
    with clock.frozen(FIRST):
        caller = Caller(site.app, "teacher")
        (case,) = (one for one in caller.get("/instances").get_json()["items"] if one["process"] == PROCESS)
        told = caller.get(f"/instances/{case['id']}").get_json()
    assert f"/rank-reviews/{told['values']['review']}" == address


def determine_all(world: School) -> int:
    """Let the one application be determined and the window close; return the review's case."""
    (case,) = world.session.scalars(select(RankApplication.instance_id))
    vote(world, case)
    act(world, case, "legal", "agree")
    tick(world, CLOSED)
    return review_of(world).instance_id


def post_list(world: School, review: int) -> None:
    act(world, review, "office", "submit", CLOSED)
    act(world, review, "legal", "accept", CLOSED)


def test_before_the_list_is_posted_only_who_sees_each_application_knows_how_many_got_a_rank(
    site: Site, address: str
) -> None:
    def known(name: str) -> tuple[bool, int | None]:
        with clock.frozen(CLOSED):
            counts = Caller(site.app, name).get(address).get_json()["counts"]
            return "认定 1 人" in site.browser(name).get(address).text, counts["determined"]

    assert site.world is not None
    review = determine_all(site.world)
    assert [known(name) for name in ("office", "clerk", "teacher", "finance")] == [(True, 1)] * 2 + [(False, None)] * 2
    post_list(site.world, review)
    assert known("teacher") == (True, 1)


def test_the_principal_reads_whom_the_list_names_before_it_is_signed(site: Site, address: str) -> None:
    world = site.world
    assert world is not None
    review = determine_all(world)
    with clock.frozen(CLOSED):
        assert "现在：</span>公示名单" in site.browser("office").get(f"/cases/{review}").text
    post_list(world, review)
    with clock.frozen(CLOSED):
        posted = site.browser("office").get(f"/cases/{review}").text
        assert "现在：</span>公示名单</b>" in posted
        assert "等期满" in posted
    noticed = clock.at(date(2026, 9, 22), 8)
    tick(world, noticed)
    (item,) = world.session.scalars(select(WorkItem).where(WorkItem.instance_id == review, IS_OPEN))
    signed = {"revision": str(item.revision), "verdict": "sign"}
    with clock.frozen(noticed):
        principal = site.browser("legal")
        for page in (principal.get(f"/tasks/{item.id}").text, principal.post(f"/tasks/{item.id}", signed).text):
            assert "上报名单（1 人）" in page
            assert re.search(r"何静</th>\s*<td[^>]*>\s*初级", page)
        assert f'href="{address}"' in principal.get(f"/tasks/{item.id}").text


def test_a_member_of_the_panel_votes_on_the_sheet_once_and_says_why_not(site: Site, address: str) -> None:
    with clock.frozen(FIRST):
        page = site.browser("deputy")
        html = page.get(f"{address}/votes").text
        action = re.search(rf'formaction="({address}/votes/(\d+))"', html)
        assert action is not None
        comment, revision = f"comment-{action[2]}", f"revision-{action[2]}"
        seen = re.search(rf'name="{revision}" value="(\d+)"', html)
        assert seen is not None
        refused = page.post(action[1], {revision: seen[1], "verdict": "abstain", comment: " "})
        assert refused.status_code == 422
        assert re.search(rf'name="{comment}"[^>]*aria-describedby="f-comment-e"', refused.text)
        assert "请写一句理由" in refused.text
        typed = {revision: seen[1], "verdict": "disagree", comment: "材料不够"}
        assert page.post(action[1], typed).status_code == 302
        assert "都投完了" in page.get(f"{address}/votes").text
        assert page.post(action[1], typed).status_code == 404
        assert site.browser("host").post(action[1], typed).status_code == 404


def test_what_was_typed_to_another_vote_is_still_there(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.world is not None
    with clock.frozen(FIRST):
        verify(site.world, apply(site.world, "host"))
        page = site.browser("deputy")
        with monkeypatch.context() as few:
            few.setattr(readings, "MOST", 1)
            assert "先列 1 份，投了这些再列其余的" in page.get(f"{address}/votes").text
            assert "先列期限近的 1 件" in page.get(address).text
            few.setattr(readings, "LARGEST", 1)
            office = site.browser("office")
            (rest,) = set(re.findall(rf'"({address}\?cursor=[^"]+)"', (first_page := office.get(address).text)))
            assert ("何静" in first_page, "何静" in office.get(rest).text) == (True, False)
            assert len(Caller(site.app, "deputy").get(address, limit=1).get_json()["tasks"]) == 1
        first, second = sorted(set(re.findall(r'name="comment-(\d+)"', page.get(f"{address}/votes").text)))
        typed = {f"revision-{first}": "1", f"comment-{second}": "再想想", "verdict": "agree"}
        assert page.post(f"{address}/votes/{first}", typed).status_code == 302
        left = page.get(f"{address}/votes").text
        assert "再想想" in left
        assert f"comment-{first}" not in left


def test_reasons_and_counts_are_told_of_nobody_and_not_to_who_is_judged(site: Site) -> None:
    world = site.world
    assert world is not None
    add_ranks(world)
    members = (*PANEL, "host", "member")
    with writing(world.session):
        world.session.add_all(post(world, name, "school", Role.REVIEW_PANEL_MEMBER) for name in members[len(PANEL) :])
    open_review(world)
    verify(world, case := apply(world))
    with clock.frozen(FIRST):
        for name in members:
            answer(world, place_of(world, case, name), name, "disagree")
        ticks.catch_up(world.session)
        assert WHY["disagree"] in site.browser("office").get(f"/cases/{case}").text
        assert WHY["disagree"] not in site.browser("teacher").get(f"/cases/{case}").text
        assert counts_told(site, "office", case) == [{"disagree": 5}] * 3
        assert counts_told(site, "teacher", case) == [None] * 3
        page = f"/rank-reviews/{review_of(world).id}"
        told = [("不同意 5" in site.browser(name).get(page).text) for name in ("office", "teacher")]
        assert told == [True, False]


def counts_told(site: Site, name: str, case: int) -> list[dict[str, int] | None]:
    """Return how many voted how as the API tells it: with the case, of the vote itself, and in the review."""
    caller = Caller(site.app, name)
    told = caller.get(f"/instances/{case}").get_json()
    vote_id = told["collectives"][0]["id"]
    (row,) = caller.get(f"/rank-reviews/{told['values']['review']}").get_json()["applications"]
    return [
        told["values"]["judge_application"]["vote_application"].get("counts"),
        caller.get(f"/collectives/{vote_id}").get_json()["counts"],
        row["counts"],
    ]


def test_who_applies_reads_what_the_file_reaches_and_each_condition_of_the_rank_chosen(
    site: Site, address: str
) -> None:
    with clock.frozen(FIRST):
        page = site.browser("host")
        html = page.get("/start/rank_application").text
        assert "够得上哪一档职级" in html
        assert "的条件" in html
        chosen = page.post("/start/rank_application", {"_refresh": "1", "rank": "junior_1"}).text
        assert "申报初级一档的条件" in chosen
        assert "证明不了" in chosen
        assert address  # the review is open


def test_the_refused_applicant_reads_why_first_and_hands_the_question_to_nobody(site: Site, address: str) -> None:
    world = site.world
    assert world is not None
    (case,) = world.session.scalars(select(RankApplication.instance_id))
    vote(world, case)
    act(world, case, "legal", "refuse", comment="班级工作的材料不够")
    with clock.frozen(FIRST):
        item = world.session.scalars(select(WorkItem).where(WorkItem.instance_id == case, IS_OPEN)).one()
        page = site.browser("teacher").get(f"/tasks/{item.id}").text
        assert 0 < page.index("的理由：</strong>“班级工作的材料不够”") < page.index("请您作为<strong>发起人</strong>")
        assert "情况属实，同意。" not in page
        given = {"to": world.people["host"], "reason": "请您代我答复"}
        assert site.browser("teacher").post(f"/tasks/{item.id}/more/transfer", given).status_code == 403
    act(world, case, "teacher", "disagree", comment="请再看一次")
    act(world, case, "legal", "submit")
    vote(world, case)
    with clock.frozen(FIRST):
        item = world.session.scalars(select(WorkItem).where(WorkItem.instance_id == case, IS_OPEN)).one()
        page = site.browser("legal").get(f"/tasks/{item.id}").text
        assert page.index("复核表决的结果") < page.index("表决申报的结果")
    assert address  # the review is open


def test_who_holds_the_top_rank_reads_so_and_finds_no_form(site: Site, address: str) -> None:
    assert site.world is not None
    rank(site.world, site.world.people["host"], "senior_1")
    with clock.frozen(FIRST):
        page = site.browser("host")
        html = page.get("/start/rank_application").text
        assert "您已经是最高一档，不用再申报。" in html
        assert 'name="homeroom_years"' not in html
        assert "职级已经是最高一档，不用再申报。" in page.get("/file/conditions").text
        with pytest.raises(Refused) as refusal:
            apply(site.world, "host")
        assert refusal.value.errors == {"rank": [sentence(TOP)]}
        assert address  # the review is open


def test_who_verifies_judges_and_determines_reads_every_condition_and_others_none(site: Site, address: str) -> None:
    world = site.world
    assert world is not None
    (judged,) = world.session.scalars(select(RankApplication.instance_id))
    with clock.frozen(FIRST):
        case = apply(world, "host")

    def read(name: str, of: int) -> tuple[bool, bool]:
        """Return whether the task page and the API show the conditions."""
        with clock.frozen(FIRST):
            found = select(WorkItem.id).where(WorkItem.instance_id == of, IS_OPEN)
            own = found.where(WorkItem.assignee_id == world.people[name])
            item = world.session.scalars(own).first() or world.session.scalars(found).one()
            page = site.browser(name).get(f"/tasks/{item}").text
            told = Caller(site.app, name).get(f"/tasks/{item}").get_json()["eligibility"]
        shown = re.search(r'<details class="sp-fold">\s*<summary>一条一条地看.*?</details>', page, re.DOTALL)
        assert told is None or ("条件都够" not in page and "档案里证明不了，请看材料：" in page)
        assert told is None or {one["state"] for one in told["conditions"]} <= {"met", "not_met", "not_provable"}
        return bool(shown and "三（二）" in shown[0]), told is not None

    verifying, voting = read("office", case), read("deputy", judged)
    assert (verifying, voting) == ((True, True), (True, True))
    # Applicants read their looks: there they do not learn who votes.
    world.session.rollback()
    lookers = set(world.session.scalars(select(DossierLook.seen_by_id)))
    assert lookers == {world.people["office"]}
    vote(world, judged)
    assert read("legal", judged) == (True, True)
    with clock.frozen(FIRST):
        assert Caller(site.app, "host").get(f"/instances/{case}").get_json()["eligibility"] is not None
        assert Caller(site.app, "admin").get(f"/instances/{case}").get_json()["eligibility"] is None
    assert address  # the review is open
