"""From sign-in, role by role: whose facts and prospects a person sees, on pages and over the API."""

from datetime import date

from app.domain.dossiers import EntryKind, Level
from app.domain.entry_checks import Particulars
from app.domain.facts import FACTS
from app.services.dossiers.looks import looks_at
from app.services.rulebook import rules
from tests.integration.api import Served
from tests.integration.conftest import Site
from tests.integration.dossier_world import add_keepers, enter
from tests.integration.file_world import HONOUR, SANCTION, SERVICE, keep
from tests.integration.school import School

RANK = Particulars(EntryKind.RANK, date(2023, 12, 1), category="junior_1")
CLASS_HONOUR = Particulars(
    EntryKind.CLASS_HONOUR,
    date(2024, 5, 1),
    "先进班集体",
    level=Level.SCHOOL,
    issuer="松风路小学",
    class_name="五（2）班",
)
# Who asks about the homeroom teacher 周敏, what is answered, and whether conditions on sanctions are among it.
ROLES = {
    "host": (200, True),
    "teacher": (404, False),
    "member": (404, False),
    "office": (200, True),
    "director": (200, False),
    "deputy": (200, False),
    "legal": (200, False),
    "finance": (404, False),
    "discipline": (404, False),
    "admin": (404, False),
    "other_host": (404, False),
    "other_office": (404, False),
    "clerk": (200, False),
    "district_admin": (404, False),
    "city_admin": (404, False),
}


def filed(world: School) -> School:
    """Add offices, and rules of ranks, and fill the file of the host and homeroom teacher."""
    add_keepers(world)
    city = world.organizations["city"]
    rules.adopt_pack(world.session, world.actor("city_admin"), city, "rank", "s4", date(2026, 1, 1))
    keep(world, "host", SERVICE, RANK, CLASS_HONOUR, HONOUR, SANCTION)
    return world


def test_who_may_see_a_file_sees_what_it_is_worth(site: Site) -> None:
    assert site.world is not None
    world = filed(site.world)
    found = {}
    for name in ROLES:
        path = "/file/conditions" if name == "host" else f"/files/{world.people['host']}/conditions"
        browser = site.browser(name)
        answer = browser.get(path)
        found[name] = (answer.status_code, "受过处分，还没有满期限。" in answer.text)
        assert browser.get("/file/conditions").status_code == 200
    assert found == ROLES
    seen = [look.seen_by_id for look in looks_at(world.session, world.people["host"])]
    assert sorted(seen) == sorted(world.people[name] for name in ROLES if ROLES[name][0] == 200 and name != "host")


def test_the_api_tells_the_same_people(served: Served) -> None:
    world = filed(served.school)
    person = world.people["host"]
    for name in ("host", "office", "deputy", "discipline", "admin", "clerk", "other_office"):
        caller, (status, has_sanctions) = served.as_(name), ROLES[name]
        facts, conditions = caller.get(f"/people/{person}/facts"), caller.get(f"/people/{person}/conditions")
        assert (name, facts.status_code, conditions.status_code) == (name, status, status)
        if status == 200:
            told = {one["name"]: one["value"] for one in facts.get_json()["facts"]}
            assert told["homeroom_years"] == 8
            assert told.keys() == {key for key, fact in FACTS.items() if has_sanctions or not fact.is_confidential}
            (rank, *_rest) = conditions.get_json()["items"]
            assert (rank["table"], rank["target"]) == ("next_rank", "中级二档")
            reach = rank["reach"]
            assert (reach["held"], reach["kind"], reach["counts"]) == ("junior_1", "promotion", None)
            assert [one["allows"] for one in reach["columns"]] == [
                "intermediate_2",
                "assistant",
                "intermediate_2",
                "senior_2",
            ]
            assert [one["id"] for one in rank["conditions"]][-1] == ("not_barred" if has_sanctions else "guidance")
            assert rank["conditions"][0]["clause"]["document"] == "职级方案"


def test_facts_as_of_a_past_day(served: Served) -> None:
    world = filed(served.school)
    office, person = served.as_("office"), world.people["host"]
    found = office.get(f"/people/{person}/facts", as_of="2021-01-01").get_json()
    told = {one["name"]: one for one in found["facts"]}
    assert (found["as_of"], told["homeroom_years"]["value"]) == ("2021-01-01", 2)
    assert (told["homeroom_honour_level"]["value"], told["homeroom_honour_level"]["evidence"]) == (None, [])
    assert (told["homeroom_years"]["state"], told["homeroom_honour_level"]["state"]) == ("proven", "absent")
    for wrong in ("2021-13-01", "9999-12-31", "0001-01-01"):
        assert office.get(f"/people/{person}/facts", as_of=wrong).status_code == 422
    assert office.get(f"/people/{world.people['city_admin']}/facts").status_code == 404


def test_what_waits_for_the_office_is_pending(served: Served) -> None:
    world = filed(served.school)
    enter(world, "host", kind="title", title_category="senior", title_from_on="2024-12-01", **dict.fromkeys(_HONOUR))
    found = served.as_("host").get(f"/people/{world.people['host']}/conditions").get_json()
    title = next(one for one in found["items"][0]["conditions"] if one["id"] == "title")
    assert (title["state"], title["is_pending"]) == ("not_provable", True)


_HONOUR = ("honour_title", "honour_category", "honour_level", "honour_issuer", "honour_from_on")


def test_the_own_page_says_what_lacks_and_where_to_enter_it(site: Site) -> None:
    assert site.world is not None
    world = filed(site.world)
    host, place = site.browser("host"), world.organizations["school"]
    page = host.get("/file/conditions").text
    assert "晋升下一职级：中级二档" in page
    assert "下一档还够不上" in page
    assert "可以申请破格晋升，写明理由，另作决定：中级二档、中级一档、高级二档、高级一档。" in page
    assert "核实过的是 8 年，算到2026年8月31日。" in page
    assert "档案里没有核实过的“职称”。" in page
    assert f"/start/dossier_entry?organization={place}&amp;kind=title" in page
    assert "核实过的是 校级。" in page
    assert "登记的时候要写预计退休日期。" in page
    keep(world, "host", Particulars(EntryKind.EMPLOYMENT, date(2010, 9, 1), until_on=date(2046, 8, 31)))
    assert "离退休还有 19 年。" in host.get("/file/conditions").text
    assert "凡受过校级及以上处分的班主任" in page
    # Of another no form is offered, and finance teaches nobody.
    assert "/start/dossier_entry" not in site.browser("deputy").get(f"/files/{world.people['host']}/conditions").text
    assert "现在没有可以申报的" in site.browser("finance").get("/file/conditions").text
    summary = host.get("/file").text
    assert "能申报什么" in summary
    assert "/file/conditions#next-rank" in summary
    assert "还缺 3 项" in summary
    assert host.get(f"/files/{world.people['host']}/conditions").status_code == 302
