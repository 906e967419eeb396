"""Administrators have a process begin by itself by pages: a school's, and a bureau's for all its schools."""

from datetime import datetime

from sqlalchemy import select

from app.db.rank_reviews import RankReview
from app.db.schedules import Schedule
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.services.timing import ticks
from tests.integration.conftest import Site

NOW = datetime(2026, 9, 8, 9, tzinfo=SHANGHAI)
NEXT = datetime(2027, 9, 1, tzinfo=SHANGHAI)
PAGE = "/schedules/rank_review"


def test_a_school_adopts_the_review_for_september_and_stops_it(site: Site) -> None:
    assert site.world is not None
    place = {"organization": str(site.world.organizations["school"])}
    with clock.frozen(NOW):
        admin = site.browser("admin")
        assert 'href="/schedules"' in admin.get("/settings").text
        listed = admin.get("/schedules").text
        assert "没有采用" in listed
        assert f"{PAGE}?organization={place['organization']}" in listed
        page = admin.get(f"{PAGE}?organization={place['organization']}").text
        assert all(words in page for words in ("每年 9 月 1 日", "2027年9月1日", "一所学校一个学年一次"))
        assert admin.post(f"{PAGE}/adopt", {**place, "first_on": ""}).status_code == 302
        assert "已采用" in admin.get("/schedules").text
        assert [one.next_at for one in site.world.session.scalars(select(Schedule))] == [NEXT]
        assert admin.post(f"{PAGE}/stop", place).status_code == 302
        assert "没有采用" in admin.get("/schedules").text
        assert site.browser("teacher").get("/schedules").status_code == 403
        assert site.browser("other_admin").post(f"{PAGE}/adopt", place).status_code == 404
    site.world.session.rollback()
    with clock.frozen(NEXT):
        ticks.tick(site.world.session)
    assert site.world.session.scalars(select(RankReview)).all() == []


def test_a_bureau_has_all_its_schools_begin_this_year_still_and_none_of_them_twice(site: Site) -> None:
    assert site.world is not None
    session, place = site.world.session, {"organization": str(site.world.organizations["district"])}
    with clock.frozen(NOW):
        bureau = site.browser("district_admin")
        assert "临溪区教育局下面的 2 所学校" in bureau.get("/schedules").text
        for wrong in ("2026-09-07", "2027-09-02"):
            answer = bureau.post(f"{PAGE}/adopt", {**place, "first_on": wrong})
            assert (answer.status_code, "第一次最早是今天" in answer.text, wrong in answer.text) == (422, True, True)
        for _again in range(2):
            assert bureau.post(f"{PAGE}/adopt", {**place, "first_on": "2026-09-08"}).status_code == 302
            session.rollback()
            ticks.tick(session)
            assert [one.school_year for one in session.scalars(select(RankReview))] == [2026, 2026]
            assert [one.next_at for one in session.scalars(select(Schedule))] == [NEXT] * 2
