"""The pages of a review of ranks: what each sees of it, and the sheet on which the panel votes without a script."""

import re

import pytest

from app.domain import clock
from tests.integration.conftest import Site
from tests.integration.rank_review_world import FIRST, add_ranks, apply, open_review, verify


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


def test_a_member_of_the_panel_votes_on_the_sheet_once(site: Site, address: str) -> None:
    with clock.frozen(FIRST):
        page = site.browser("deputy")
        html = page.get(f"{address}/votes").text
        action = re.search(rf'action="({address}/votes/\d+)"', html)
        revision = re.search(r'name="revision" value="(\d+)"', html)
        assert action is not None
        assert revision is not None
        typed = {"revision": revision[1], "verdict": "agree", "comment": "条件都够"}
        assert page.post(action[1], typed).status_code == 302
        assert "都投完了" in page.get(f"{address}/votes").text
        assert page.post(action[1], typed).status_code == 404
        assert site.browser("host").post(action[1], typed).status_code == 404
