"""The pages of a panel: the sheet keeps what was typed, says what is wrong where it is wrong, and needs no script."""

import pytest
from werkzeug.test import TestResponse

from tests.integration.conftest import Site
from tests.integration.panel_world import case_of, place_of, task_of
from tests.integration.score_world import hand_in, opened

POINTS: dict[str, list[float]] = {"host": [48.5, 31], "member": [50, 30]}


class Pages:
    """A member of the group at the sheet."""

    def __init__(self, site: Site) -> None:
        assert site.world is not None
        self.school, self.session = site.world, site.world.session
        self.browser = site.browser("legal")
        self.instance, self.address = 0, ""

    def open(self) -> None:
        self.instance = opened(self.school)
        item = place_of(self.session, self.instance, self.school.people["legal"])
        self.address = f"/tasks/{item.id}/scores"
        self.session.rollback()

    def get(self) -> str:
        return self.browser.get(self.address).text

    def post(self, *, host: list[str], member: list[str], **more: str) -> TestResponse:
        rows = {}
        for place, (name, points) in enumerate({"host": host, "member": member}.items()):
            rows[f"scores.{place}.candidate"] = str(self.school.people[name])
            rows |= {f"scores.{place}.points.{at}": text for at, text in enumerate(points)}
        return self.browser.post(self.address, {"revision": self._revision(), "verdict": "submit", **rows, **more})

    def recuse(self, **typed: str) -> TestResponse:
        address = self.address.replace("scores", "recuse")
        return self.browser.post(address, {"revision": self._revision(), **typed})

    def _revision(self) -> str:
        self.session.rollback()
        return str(place_of(self.session, self.instance, self.school.people["legal"]).revision)


@pytest.fixture
def page(site: Site) -> Pages:
    return Pages(site)


def test_a_sheet_keeps_what_was_typed_and_says_what_is_wrong_at_the_field(page: Pages) -> None:
    page.open()
    answer = page.post(host=["61", "３０"], member=["5.25", ""])
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "育人实绩最高 60 分，您填了 61。" in html
    assert 'value="61"' in html
    assert "请给member老师的带教能力打分，0 到 40 分。" in html
    assert html.count('aria-invalid="true"') == 3


def test_points_as_phones_write_them_are_handed_in(page: Pages) -> None:
    page.open()
    assert page.post(host=["48。5", "３１"], member=["50", "30"]).status_code == 302
    assert "您办完了" in page.get()
    assert page.post(host=["1", "1"], member=["1", "1"]).status_code == 302
    assert "48.5" in page.get()


def test_a_draft_is_kept_by_the_button_and_by_itself(page: Pages) -> None:
    page.open()
    assert page.post(_save="1", host=["48", ""], member=["", ""]).status_code == 302
    assert 'value="48"' in page.get()
    told = page.post(_autosave="1", draft_seen="1", host=["47", "a"], member=["", ""])
    assert (told.status_code, told.get_json()["revision"]) == (200, 2)
    assert "已评 0 人" in page.get()


def test_stepping_aside_for_one_leads_back_to_the_sheet(page: Pages) -> None:
    page.open()
    blank = page.recuse(kind="relative")
    assert blank.status_code == 422
    step = page.recuse(candidate=str(page.school.people["member"]), kind="relative")
    assert step.headers["Location"] == page.address
    assert "您已申报回避（亲属），不评这一位。" in page.get()
    assert page.recuse(candidate="all", reason="都是同事").headers["Location"] == "/inbox"


def test_the_score_sheet_tells_when_all_are_in(page: Pages) -> None:
    page.open()
    panel = task_of(page.session, page.instance).id
    assert "全部成员交齐或者到了截止，才看得到分数。" in page.browser.get(f"/panels/{panel}").text
    for name in ("legal", "deputy", "finance"):
        hand_in(page.school, page.instance, name, **POINTS)
    html = page.browser.get(f"/panels/{panel}").text
    assert "<strong>79.5</strong>" in html
    assert "对host老师的意见" in html
    assert case_of(page.school, page.instance).values["panel"]["result"] == "scored"
