"""Every distinct page: axe finds nothing, nothing scrolls sideways, no English slips in, the console is silent."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from tests.browser.looking import axe_findings, bring_axe, faults, latin_words, overflow
from tests.browser.server import running
from tests.browser.windows import DESK, NARROWEST, enter, resize, sign_in, window

pytestmark = pytest.mark.browser
Steps = Callable[[Page], object]
# Usernames of the demo stand on the pages of people; pinyin is no English.
PINYIN = re.compile(r"[a-z]{4,20}")


def at(path: str) -> Steps:
    return lambda page: page.goto(path)


def pressed(path: str, selector: str) -> Steps:
    """A page, and what opens where its first such button or link is pressed."""

    return in_turn(at(path), press(selector))


def in_turn(*steps: Steps) -> Steps:
    def go(page: Page) -> None:
        for step in steps:
            step(page)

    return go


def press(selector: str) -> Steps:
    """What opens where the first such button or link is pressed: a click alone does not wait for the next page."""

    def go(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return go


def stay(selector: str) -> Steps:
    """What a button changes on the page where it stands."""
    return lambda page: page.locator(selector).first.click()


def typed(selector: str, words: str) -> Steps:
    """What is typed into a field before something is pressed."""
    return lambda page: page.fill(selector, words)


def act(words: str) -> Steps:
    """An act on the open task, over 更多."""
    return in_turn(press("a:has-text('更多')"), press(f".sp-ways a:text-is('{words}')"))


TASK = pressed("/", ".sp-item a")
QUEUE = pressed("/?q=自信心", ".sp-item a")
BALLOT = pressed("/?box=done&q=推荐人选", ".sp-item a")
PUBLIC = {
    "sign-in": at("/sign-in"),
    "wrong password": press(".sp-sheet button"),
    "forgotten": at("/sign-in/forgotten"),
    "verify": at("/verify"),
    "verify, wrong": at("/verify?code=123"),
    "verify, unknown": at("/verify/7K3MQ9TX2HBW5RFD"),
}
# Where nothing is opened, it goes on from the page before.
PAGES = {
    "周敏老师": {
        "fill form": at("/start/expense_approval"),
        "fill form with errors": press(".sp-verdict .btn-primary"),
        "budget form": at("/start/annual_budget"),
        "studio change form": at("/start/studio_change"),
        "studio change form with errors": press(".sp-verdict .btn-primary"),
        "application form": at("/start/host_application"),
        "application form with errors": press(".sp-verdict .btn-primary"),
        "start": at("/start"),
        "initiated": at("/?box=initiated"),
        "initiated, compact": in_turn(press("button[value=compact]"), press("button[name=density]")),
        "copied": at("/?box=copied"),
        "revise": TASK,
        "revise with errors": in_turn(stay("button[name=_add]"), press("[name=verdict][value=submit]")),
        "withdraw": in_turn(
            TASK, press("a:has-text('看流程图')"), press(".sp-back"), press(".sp-actions a.btn[href*=acts]")
        ),
        "own file": at("/file"),
        "own file, correcting": press(".sp-entries a.btn"),
        "entering": at("/start/dossier_entry?kind=training"),
        "entering, wrong": press(".sp-verdict .btn-primary"),
        "profile": at("/profile"),
        "absences": at("/profile/absences"),
        "own ranks": pressed("/file", "main a:has-text('历次职级')"),
        "objections, none": at("/objections"),
        "objecting": in_turn(pressed("/notices", "tbody th a"), press("a:has-text('我要提出异议')")),
        "objecting with errors": press("main .btn-primary"),
        "opinions": at("/profile/opinions"),
        "opinions, empty": press("main form button.btn-primary"),
        "keyboard": at("/keyboard"),
        "absence": at("/profile/absences/new"),
        "absence, wrong": press("main form button.btn-primary"),
        "password": at("/profile/password"),
        "password, wrong": press("main form button.btn-primary"),
        "notifications": at("/notifications"),
        "notification settings": at("/profile/notifications"),
        "notification settings, wrong": press("button:has-text('发确认码')"),
        "remark to a colleague": in_turn(
            pressed("/?box=initiated&q=跨校主题班会观摩", ".sp-item a"), press("button[name=_find]")
        ),
        "budgets": at("/budgets"),
        "studios registered": at("/studio-register"),
        "a studio": press("tbody th a"),
        "what may be applied for": at("/file/conditions"),
        "not found": at("/nothing-here"),
    },
    "陈校长": {
        "todo": at("/"),
        "task": press(".sp-item a"),
        "task with its path": stay(".sp-fold summary"),
        "return": press("a:has-text('退回到前面的某一步')"),
        "return, no reason": press(".sp-verdict .btn-primary"),
        "sign": in_turn(TASK, press("[value=sign]")),
        "sign, wrong": press(".sp-verdict .btn-primary"),
        "reason": in_turn(TASK, press("[value=return]")),
        "reason, missing": press(".sp-verdict .btn-primary"),
        "nothing found": at("/?q=没有这样的事"),
        "done": at("/?box=done"),
        "case": press(".sp-item a"),
        "diagram": in_turn(TASK, press("a:has-text('看流程图')"), lambda page: page.wait_for_selector("[data-ready]")),
        "changes": in_turn(pressed("/?q=跨校主题班会", ".sp-item a"), press("a:has-text('看改了什么')")),
        "authorizations": at("/authorizations"),
        "versions": at("/versions"),
        "new authorization": at("/authorizations/new"),
        "ledger": at("/ledger"),
        "assets": at("/ledger/assets"),
    },
    "刘会计": {
        "book": TASK,
        "book with errors": press("[value=accept]"),
        "budget": pressed("/budgets", "tbody a, .sp-person, th a"),
    },
    "陆老师": {
        "imports": at("/imports"),
        "import, no file": press("main form button.btn-primary"),
        "imports of studios": at("/imports?kind=studios"),
        "filings of the school": at("/filings"),
        "list of ranks filed": press("tbody th a"),
        "rank to correct": at("/start/rank_correction"),
        "reviews of ranks": at("/rank-reviews"),
        "review of ranks": press("tbody th a"),
        "votes, none": at("/rank-reviews/1/votes"),
        "rounds": at("/rounds"),
        "round to open": at("/start/host_selection"),
        "round to open, wrong": press(".sp-verdict .btn-primary"),
        "notices": at("/notices"),
        "notice": press("tbody th a"),
        "notice, no photograph": press("button:has-text('交张贴证明')"),
        "notice to be changed": in_turn(pressed("/notices", "tbody th a"), press("a:has-text('要改公示')")),
        "notice to list": at("/start/school_notice"),
        "homeroom list": at("/homeroom-list"),
        "homeroom list of another day": at("/homeroom-list?on=2026-08-31"),
        "homeroom list, whole": at("/homeroom-list/edit"),
        "homeroom list, to be confirmed": press(".sp-bar .btn-primary"),
        "homeroom list, wrong": in_turn(
            at("/homeroom-list/edit"),
            typed("[name='classes.0.homeroom_teacher']", "没有这个人"),
            press(".sp-bar .btn-primary"),
        ),
        "homeroom teacher": pressed("/homeroom-list", "td a:has-text('换班主任')"),
        "queue": QUEUE,
        "more": press("a:has-text('更多')"),
        "transfer": press(".sp-ways a:text-is('转办')"),
        "transfer, nobody chosen": press(".sp-verdict .btn-primary"),
        "delegate": in_turn(QUEUE, act("委派")),
        "files": at("/files"),
        "files, nobody found": at("/files?q=没有这个人"),
        "another's file": pressed("/files?q=周敏", "tbody a"),
        "sanction": at("/start/sanction_entry"),
        "honours": at("/registers/honours"),
        "service on a day": at("/registers/service?as_of=2025-03-01"),
        "training": at("/registers/credits"),
        "sanctions": at("/registers/sanctions"),
        "statistics of ranks": at("/statistics/ranks"),
        "ranks of a person": pressed("/registers/ranks", "tbody a:has-text('历次职级')"),
        "registers, nothing found": at("/registers/projects?q=没有这样的课题"),
        "add signers, nobody chosen": in_turn(QUEUE, act("加签"), press(".sp-verdict .btn-primary")),
    },
    "丁会计": {
        "opinion": pressed("/?q=备课组", ".sp-item a"),
        "ballot": BALLOT,
        "roll of a ballot": press("a:has-text('看名册和核对')"),
        "paper ballots": in_turn(BALLOT, press("a:has-text('发纸质选票')")),
    },
    "方老师": {
        "city ledger": at("/ledger"),
        "city budgets": at("/budgets"),
        "city studios": at("/studio-register?show=all"),
        "nothing to do": at("/"),
    },
    "韩老师": {
        "post change form": at("/start/post_change"),
        "post change form with errors": press(".sp-verdict .btn-primary"),
        "rules": at("/rules?q=任期"),
        "rules, none found": at("/rules?q=没有这样的规则"),
        "undelivered": at("/notifications/undelivered"),
        "rule": pressed("/rules", "tbody th a"),
        "rule to change": pressed("/rules?filter=changeable", "tbody td a.btn"),
        "rule packs": at("/rules/adopt"),
        "people": at("/people"),
        "person": press("tbody th a"),
        "held by nobody": at("/unheld"),
        "people, none found": at("/people?q=没有这个人"),
        "new person": at("/people/new"),
        "new person with errors": press("main form button.btn-primary"),
        "import": at("/people/import"),
        "settings": at("/settings"),
        "schedules": at("/schedules"),
        "schedule": pressed("/schedules", "tbody a"),
        "new version": at("/versions/new"),
        "new version, no file": press("main form button.btn-primary"),
        "studios": at("/studios"),
        "studio": press("tbody th a"),
        "new studio": at("/studios/new"),
        "new studio with errors": press("main form button.btn-primary"),
    },
    "孟老师": {
        "columns of ranks": at("/ranks/columns"),
        "columns of ranks, wrong": in_turn(typed("[name=head]", ""), press("main form .btn-primary")),
        "organizations": at("/organizations"),
        "new organization": press("tbody a, main a.btn"),
    },
}
# Who plays the ranks, by username: the city's clerk, a district's clerk, a member of a school's panel, an office
# whose list came back.
RANKS = {
    "luoping": {
        "filings": at("/filings"),
        "year of the city": pressed("/filings", "tbody a:has-text('云澜市教育局')"),
        "year of the city, all rows": at("/filings/2?show=all"),
        "reviews of the city": at("/rank-reviews"),
        "statistics of the city": at("/statistics/ranks"),
    },
    "19900000009": {
        "year of the district": at("/filings/3?show=all"),
        "to sum up": pressed("/?q=汇总", ".sp-item a"),
    },
    "19900000580": {
        "review under way": pressed("/rank-reviews", "tbody th a"),
        "votes": press("a:has-text('打开评审表')"),
    },
    "xielan": {
        "list that came back": pressed("/filings", "tbody th a"),
        "rows to correct": pressed("/?q=补正", ".sp-item a"),
    },
}
PASSWORD = "yunlan-2026"


@pytest.fixture(scope="module")
def usernames(chromium, demo) -> set[str]:
    """Return what stands for itself: usernames and the keys of rules are no English."""
    with window(chromium, demo.address) as page:
        enter(page, "韩老师")
        page.goto("/people")
        return set(PINYIN.findall(page.locator("main").inner_text()))


def look(page: Page, pages: dict[str, Steps], known: set[str]) -> dict[str, list[str]]:
    """Open each page and return those with faults."""
    found = {}
    for name, steps in pages.items():
        resize(page, DESK)
        try:
            steps(page)
            found[name] = faults(page, known)
        except PlaywrightError as error:
            found[name] = [str(error)]
    return {name: wrong for name, wrong in found.items() if wrong}


def test_pages_before_the_sign_in(chromium, demo):
    with window(chromium, demo.address) as page:
        assert look(page, PUBLIC, set()) == {}


@pytest.mark.parametrize(
    "persona", PAGES, ids=["host", "legal", "finance", "office", "opinion", "auditor", "admin", "bureau"]
)
def test_pages_behind_it(chromium, demo, usernames, persona):
    with window(chromium, demo.address) as page:
        page.set_default_timeout(10_000)
        enter(page, persona)
        assert look(page, PAGES[persona], usernames) == {}


@pytest.mark.parametrize("username", RANKS, ids=["city", "district", "panel", "office"])
def test_pages_of_ranks(chromium, demo, usernames, username):
    with window(chromium, demo.address) as page:
        page.set_default_timeout(10_000)
        sign_in(page, username, PASSWORD)
        assert look(page, RANKS[username], usernames) == {}


def test_the_whole_list_of_rules(chromium, demo, usernames):
    """Its hundreds of rows are like those of the list that is looked at in both widths and schemes."""
    with window(chromium, demo.address) as page:
        enter(page, "韩老师")
        page.goto("/rules")
        assert latin_words(page, usernames) == set()
        bring_axe(page)
        assert axe_findings(page) == []
        resize(page, NARROWEST)
        assert overflow(page) == []


def test_no_style_sheet_locks_the_orientation(chromium, demo):
    """The one rule of axe that reads them: a page that has both."""
    with window(chromium, demo.address) as page:
        enter(page, "陈校长")
        in_turn(TASK, press("a:has-text('看流程图')"))(page)
        assert page.locator("link[rel=stylesheet]").count() == 2
        bring_axe(page)
        assert axe_findings(page, "rule", ["css-orientation-lock"], reads_styles=True) == []


def test_the_set_up_page(chromium, tmp_path):
    with running(tmp_path) as server, window(chromium, server.address) as page:
        page.goto("/")
        assert faults(page, {"people"}) == []
        page.click("main form button.btn-primary")
        assert faults(page, {"people"}) == []
