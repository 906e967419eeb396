"""Every kind of mistake in a sheet is named with its cell, and nothing of the sheet is kept."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from app.db.money import Studio
from app.db.registers import DossierEntry
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from tests.integration.school import School
from tests.integration.sheet_world import (
    GRADE,
    HONOUR,
    POST,
    RANK,
    RIGHT,
    SERVICE,
    STUDIO,
    book,
    cells,
    days_ahead,
    hand_in,
    plain,
    with_office,
)

S, H, R, T = SheetKind.SERVICE, SheetKind.HONOURS, SheetKind.RANKS, SheetKind.STUDIOS
# The kind, what is changed in a row that is right, the cell, and what is said of it.
ROWS: tuple[tuple[SheetKind, dict[str, Any], str, str], ...] = (
    (S, {"姓名": None}, "A2", "请填写姓名"),
    (S, {"姓名": "何无"}, "A2", "本校没有“何无”"),
    (S, {"姓名": "罗佳"}, "A2", "本校没有“罗佳”"),
    (S, {"姓名": "周敏"}, "B2", "本校有 2 位“周敏”，请填用户名"),
    (S, {"用户名（手机号）": "13999999999"}, "B2", "本校没有用户名是“13999999999”的人"),
    (S, {"用户名（手机号）": "other_host"}, "B2", "本校没有用户名"),
    (S, {"用户名（手机号）": "finance"}, "A2", "在本校是“刘芸”"),
    (S, {"姓名": "许岚"}, "A2", "自己的登记不能自己核实"),
    (S, {"学校": "校" * 121}, "C2", "学校最多 120 个字"),
    (S, {"班级": None}, "D2", "请填写班级"),
    (S, {"班级": "班" * 61}, "D2", "班级最多 60 个字，现在 61 个"),
    (S, {"身份": "园丁"}, "E2", "身份只能填：班主任、班主任助理；现在是“园丁”"),
    (S, {"身份": None}, "E2", "请填写身份"),
    (S, {"任职起": None}, "F2", "请填写任职起"),
    (S, {"任职起": "去年九月"}, "F2", "日期请写成 2024-09-01 这样，现在是“去年九月”"),
    (S, {"任职起": "2024-02-30"}, "F2", "日期请写成"),
    (S, {"任职起": 2023}, "F2", "日期请写成"),
    (S, {"任职起": "1023-09-01"}, "F2", "不能早于 1950 年"),
    (S, {"任职止": "2023-08-31"}, "G2", "任职止不能早于任职起"),
    (S, {"任职止": "=TODAY()"}, "G2", "这一格是公式"),
    (S, {"班级": "#REF!"}, "D2", "这一格是 #REF!"),
    (H, {"对象": None}, "C2", "请填写对象"),
    (H, {"对象": "学生"}, "C2", "对象只能填：个人、班集体"),
    (H, {"荣誉名称": None}, "D2", "请填写荣誉名称"),
    (H, {"荣誉名称": "优" * 201}, "D2", "荣誉名称最多 200 个字"),
    (H, {"种类": None}, "E2", "请填写种类"),
    (H, {"种类": "先进"}, "E2", "种类只能填"),
    (H, {"班级": "2023级3班"}, "F2", "这类登记没有这一项"),
    (H, {"对象": "班集体", "种类": None}, "F2", "请填写班级"),
    (H, {"对象": "班集体", "班级": "2023级3班"}, "E2", "这类登记没有这一项"),
    (H, {"级别": "县级"}, "G2", "级别只能填：校级、区县级、市级、省级、国家级"),
    (H, {"授予单位": None}, "H2", "请填写授予单位"),
    (H, {"日期": days_ahead(2)}, "I2", "日期不能晚于今天"),
    (H, {"证书编号": "9" * 65}, "J2", "证书编号最多 64 个字"),
    (R, {"职级": "特级"}, "C2", "职级只能填：班主任助理、初级二档"),
    (R, {"职级": None}, "C2", "请填写职级"),
    (R, {"生效日期": days_ahead(2)}, "D2", "生效日期不能晚于今天"),
    (R, {"备案号": "=1+1"}, "F2", "这一格是公式"),
)
# What is changed in the sheets of a studio that is right: studio, posts, grades.
STUDIOS: tuple[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str], ...] = (
    ({"工作室": None}, {}, {}, "工作室!A2", "请填写工作室"),
    ({"工作室": "何" * 61}, {}, {}, "工作室!A2", "最多 60 个字，现在 61 个"),
    ({"级别": "区级"}, {}, {}, "工作室!B2", "级别只能填：校级、市级"),
    ({"工作周期止": "2024-08-31"}, {}, {}, "工作室!D2", "工作周期止不能早于工作周期起"),
    ({"余额（元）": "一千", "余额日期": "2026-08-31"}, {}, {}, "工作室!E2", "请填写金额"),
    ({"余额（元）": "1.234", "余额日期": "2026-08-31"}, {}, {}, "工作室!E2", "最多到分"),
    ({"余额（元）": "-5", "余额日期": "2026-08-31"}, {}, {}, "工作室!E2", "余额不能小于 0"),
    ({"余额（元）": "100"}, {}, {}, "工作室!F2", "请填余额是哪一天的"),
    ({"余额日期": "2026-08-31"}, {}, {}, "工作室!E2", "请填余额"),
    ({"余额（元）": "100", "余额日期": days_ahead(3)}, {}, {}, "工作室!F2", "余额日期不能晚于今天"),
    ({}, {"工作室": "别的工作室"}, {}, "人员!A2", "不在“工作室”表里"),
    ({}, {"身份": "顾问"}, {}, "人员!D2", "身份只能填：主持人、成员、导师"),
    ({}, {"身份": "成员"}, {}, "工作室!A2", "要有一位主持人，现在 0 位"),
    ({}, {"姓名": "许岚"}, {}, "人员!B2", "不能给自己任职"),
    ({}, {"加入日期": "2023-09-01"}, {}, "人员!E2", "加入日期要在工作周期里"),
    ({}, {}, {"等级": "甲"}, "历次等级!C2", "等级只能填：优秀、良好、合格、不合格"),
    ({}, {}, {"时段": None}, "历次等级!B2", "请填写时段"),
    ({}, {}, {"时段": "学" * 41}, "历次等级!B2", "最多 40 个字"),
    ({}, {}, {"评定日期": days_ahead(1)}, "历次等级!D2", "评定日期不能晚于今天"),
    ({}, {}, {"工作室": "别的工作室"}, "历次等级!A2", "不在“工作室”表里"),
)
# Whole workbooks.
BOOKS: tuple[tuple[SheetKind, Callable[[], BytesIO], str, str], ...] = (
    (S, lambda: book(S, []), "file", "表里没有内容"),
    (S, lambda: plain(("姓名", "班级", "任职起"), ("何静", "1班", "2023-09-01")), "A1", "第一行缺少这些列：身份"),
    (S, lambda: plain((*SERVICE, "任职至"), (*SERVICE.values(), "")), "E1", "不认识“任职至”这一列"),
    (S, lambda: plain((*SERVICE, "班级"), (*SERVICE.values(), "")), "E1", "“班级”这一列有两次"),
    (S, lambda: book(S, [SERVICE, SERVICE | {"身份": "班主任助理"}]), "A3", "和第 2 行重复"),
    (H, lambda: book(H, [HONOUR, HONOUR]), "A3", "和第 2 行重复"),
    (R, lambda: book(R, [RANK, RANK | {"生效日期": "2023-10-15"}]), "A3", "和第 2 行重复"),
    (T, lambda: plain(tuple(STUDIO)), "file", "没有“工作室”这张表"),
    (T, lambda: book(T, [STUDIO, STUDIO], [POST]), "工作室!A3", "和第 2 行重复"),
    (T, lambda: book(T, [STUDIO], [POST, POST | {"身份": "成员"}]), "人员!B3", "这个工作室里已有一行"),
    (T, lambda: book(T, [STUDIO], [POST], [GRADE, GRADE]), "历次等级!B3", "这个时段已有一行"),
)


def refused(world: School, kind: SheetKind, stream: BytesIO) -> dict[str, str]:
    """Hand a workbook in, and return what is wrong with it: nothing of it is kept."""
    before = kept(world)
    one = hand_in(world, kind, stream)
    assert one.status == ImportStatus.REFUSED
    assert one.content is None
    assert kept(world) == before
    return cells(one)


def kept(world: School) -> tuple[int, int]:
    counts = [world.session.scalar(select(func.count()).select_from(table)) for table in (DossierEntry, Studio)]
    return counts[0] or 0, counts[1] or 0


def test_each_mistake_in_a_row_is_named_with_its_cell(world: School) -> None:
    with_office(world)
    for kind, changes, cell, words in ROWS:
        found = refused(world, kind, book(kind, [RIGHT[kind] | changes]))
        assert list(found) == [cell], (changes, found)
        assert words in found[cell], (changes, found)


def test_each_mistake_about_a_studio_is_named_with_its_sheet_and_cell(world: School) -> None:
    with_office(world)
    for studio, post, grade, cell, words in STUDIOS:
        found = refused(world, T, book(T, [STUDIO | studio], [POST | post], [GRADE | grade]))
        assert words in found.get(cell, ""), (cell, found)


def test_what_is_wrong_with_a_whole_sheet_is_named(world: School) -> None:
    with_office(world)
    for kind, make, cell, words in BOOKS:
        found = refused(world, kind, make())
        assert words in found.get(cell, ""), found


def test_all_bad_rows_are_named_at_once_in_the_order_of_the_sheet(world: School) -> None:
    with_office(world)
    rows = [SERVICE, SERVICE | {"姓名": "无名"}, SERVICE | {"身份": "甲", "任职起": "乙"}, SERVICE | {"班级": ""}]
    assert list(refused(world, S, book(S, rows))) == ["A3", "E4", "F4", "D5"]
    many = [SERVICE | {"班级": f"{number}班", "任职起": "无"} for number in range(120)]
    assert list(refused(world, S, book(S, many))) == [f"F{row}" for row in range(2, 122)]
