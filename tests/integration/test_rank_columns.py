"""Lists of ranks in a bureau's own columns: out, in, whose hold where, who sets them; and large ones in little memory."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.db.registers import DossierLook
from app.domain.registers import REGISTERS
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.services.dossiers import looks
from app.services.registers import entries as registered
from app.services.registers.entries import EntryFilters
from app.services.registers.sheets import imports
from app.services.registers.sheets.exports import export_entries
from tests.integration.api import Served
from tests.integration.conftest import Site
from tests.integration.rank_world import FILED, PLACED, offices, rank, ranks, teachers
from tests.integration.school import School
from tests.integration.sheet_world import cells, hand_in, plain

COLUMNS = [
    {"head": "序", "column": "row_number"},
    {"head": "教师姓名", "column": "person"},
    {"head": "认定档次", "column": "category"},
    {"head": "认定时间", "column": "from_on"},
    {"head": "备案文号", "column": "number"},
    {"head": "审批机关", "column": "issuer"},
    {"head": "签收", "column": ""},
]
HEADS = [one["head"] for one in COLUMNS]


def keep(served: Served, who: str, where: str, columns: Any = COLUMNS, revision: int = 0) -> Any:
    body = {"columns": columns, "revision": revision}
    return served.as_(who).put(f"/organizations/{served.school.organizations[where]}/rank-columns", body)


def held(served: Served, where: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        served.as_("clerk").get(f"/organizations/{served.school.organizations[where]}/rank-columns").get_json()
    )
    return found


def table(content: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def test_what_goes_out_in_a_bureaus_columns_comes_in_again(served: Served) -> None:
    school = offices(served.school)
    rank(school, school.people["teacher"], "junior_2")
    assert keep(served, "district_admin", "district").status_code == 200
    answer = served.as_("office").get("/registers/ranks.xlsx", columns=school.organizations["school"])
    heads, row = table(answer.data)
    told = [1, "何静", "初级二档", PLACED.isoformat(), FILED["number"], FILED["issuer"], None]
    assert (heads, row) == (HEADS, told)
    # Others, and whoever does not ask, get the platform's.
    assert table(served.as_("office").get("/registers/ranks.xlsx").data)[0][0] == "姓名"
    more = [2, "李若涵", "初级一档", "2025-10-15", "临教备〔2025〕007", "临溪区教育局", "已收"]
    one = hand_in(school, SheetKind.RANKS, plain(heads, row, more))
    assert (one.status, one.added, one.unchanged) == (ImportStatus.READY, 1, 1), cells(one)
    imports.confirm(school.session, school.actor("office"), one.id)
    assert served.as_("office").get("/registers/ranks", q="李若涵").get_json()["items"][0]["number"] == more[4]


def test_a_bureaus_words_for_ranks_go_out_and_come_in(served: Served) -> None:
    school = offices(served.school)
    rank(school, school.people["teacher"], "junior_2")
    place = f"/organizations/{school.organizations['district']}/rank-columns"
    body = {"columns": COLUMNS, "words": {"junior_2": "初级2档"}, "revision": 0}
    admin = served.as_("district_admin")
    wrong = admin.put(place, {**body, "words": {"junior_2": "初级一档"}})
    assert list(wrong.get_json()["errors"]) == ["words.junior_2"]
    assert admin.put(place, body).get_json()["words"] == {"junior_2": "初级2档"}
    office = served.as_("office")
    heads, row = table(office.get("/registers/ranks.xlsx", columns=school.organizations["school"]).data)
    assert row[2] == "初级2档"
    empty = office.get(f"/organizations/{school.organizations['school']}/rank-columns/template.xlsx")
    assert table(empty.data)[0] == heads
    added = [2, "李若涵", "初级2档", "2025-10-15", "临教备〔2025〕007", "临溪区教育局", ""]
    again = [3, "周敏", "初级二档", "2025-10-15", "临教备〔2025〕008", "临溪区教育局", ""]
    one = hand_in(school, SheetKind.RANKS, plain(heads, row, added, again))
    assert (one.status, one.added, one.unchanged) == (ImportStatus.READY, 2, 1), cells(one)
    late = [2, "李若涵", "初级2档", "2099-10-15", "临教备〔2025〕007", "临溪区教育局", ""]
    odd = [3, "", "初级三档", "2025-10-15", "临教备〔2025〕008", "", ""]
    told = cells(hand_in(school, SheetKind.RANKS, plain(heads, late, odd)))
    assert told["D2"] == "认定时间不能晚于今天。"
    assert told["C3"].startswith("认定档次只能填：班主任助理、初级2档、初级一档、")
    assert told["B3"] == "请填写教师姓名。"
    assert "教师姓名" in cells(hand_in(school, SheetKind.RANKS, plain(heads[2:], late[2:])))["A1"]


def test_the_nearest_bureau_says_until_it_has_none_of_its_own(served: Served) -> None:
    offices(served.school)
    assert held(served, "school")["columns"] == []
    keep(served, "city_admin", "city", COLUMNS[1:4])
    assert (held(served, "school")["bureau"]["name"], len(held(served, "school")["columns"])) == ("云澜市教育局", 3)
    keep(served, "district_admin", "district")
    assert (held(served, "school")["bureau"]["name"], held(served, "school")["columns"]) == ("临溪区教育局", COLUMNS)
    assert keep(served, "district_admin", "district", [], 1).get_json()["revision"] == 2
    assert held(served, "school")["bureau"]["name"] == "云澜市教育局"


def test_who_may_set_them_and_what_is_refused(served: Served) -> None:
    offices(served.school)
    assert [keep(served, who, "district").status_code for who in ("clerk", "city_admin", "office")] == [403, 403, 404]
    assert keep(served, "district_admin", "school").status_code == 403
    wrong = keep(served, "district_admin", "district", [*COLUMNS[:4], {"head": "序", "column": "issuer"}])
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["columns.4"])
    assert keep(served, "district_admin", "district").status_code == 200
    assert keep(served, "district_admin", "district").status_code == 409


def test_a_preview_whose_columns_are_gone_writes_nothing(served: Served) -> None:
    school = offices(served.school)
    keep(served, "district_admin", "district")
    one = hand_in(
        school, SheetKind.RANKS, plain(HEADS, [1, "何静", "初级二档", "2024-10-15", "甲", "临溪区教育局", ""])
    )
    assert one.status == ImportStatus.READY, cells(one)
    keep(served, "district_admin", "district", [], 1)
    again = imports.confirm(school.session, school.actor("office"), one.id)
    assert again.status == ImportStatus.REFUSED
    assert served.as_("office").get("/registers/ranks").get_json()["items"] == []


def test_the_page_sets_columns_and_the_register_offers_them(site: Site) -> None:
    assert site.world is not None
    school = offices(site.world)
    rank(school, school.people["teacher"], "junior_2")
    admin = site.browser("district_admin")
    sent = {"revision": "0", "head": [*HEADS, ""], "column": [*(one["column"] for one in COLUMNS), "person"]}
    assert 'value="核实单位"' in admin.get("/ranks/columns").text
    wrong = admin.post("/ranks/columns", {**sent, "head": HEADS[:2]})
    assert (wrong.status_code, "改回上一级" in wrong.text) == (422, False)
    assert admin.post("/ranks/columns", sent).status_code == 302
    assert 'value="认定档次"' in admin.get("/ranks/columns").text
    assert admin.post("/ranks/columns", sent).status_code == 409
    office = site.browser("office")
    assert "按临溪区教育局的列导出" in office.get("/registers/ranks").text
    assert "临溪区教育局的列" not in office.get("/registers/titles").text
    assert table(office.get("/registers/ranks.xlsx?own=").data)[0] == HEADS
    assert "认定档次" in office.get("/imports?kind=ranks").text
    assert table(office.get("/ranks/columns/template.xlsx").data)[0] == HEADS
    assert office.get("/ranks/columns").status_code == 403


def test_a_long_list_is_never_in_memory_as_a_whole(world: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registered, "BATCH", 50)
    monkeypatch.setattr(looks, "BATCH", 80)
    office, count = offices(world).actor("office"), 330
    ranks(world, teachers(world, count))
    world.session.expunge_all()
    most = 0
    for _row in registered.every_entry(world.session, office, REGISTERS["ranks"], EntryFilters()):
        most = max(most, len(world.session.identity_map))
    # A batch and the one before it, with their people.
    assert most < count
    export_entries(world.session, office, REGISTERS["ranks"], EntryFilters(), stream := BytesIO())
    assert len(table(stream.getvalue())) == count + 1
    assert world.session.scalar(select(func.count()).select_from(DossierLook)) == count
