from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.errors import Conflict, NotFound
from app.services import signatures
from app.services.documents.printing import Press
from app.services.documents.verifications import verification
from app.services.documents.voucher import voucher, voucher_data
from tests.integration.money_world import NOW, World, build
from tests.integration.test_reversal_booking import propose, reverse

ROOT = Path(__file__).parents[2]
FONTS = (ROOT / "app/views/static/dist/fonts", ROOT / "node_modules/@expo-google-fonts")


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    with clock.frozen(NOW):
        yield build(session)


@pytest.fixture
def press(tmp_path: Path) -> Press:
    fonts = next(folder for folder in FONTS if folder.is_dir())
    return Press(fonts=fonts, cache=tmp_path / "documents", public_url="https://shenpi.example.cn")


def text_of(content: bytes) -> tuple[str, int]:
    pages = PdfReader(BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", ""), len(pages)


def test_the_voucher_says_everything_in_chinese(world, press):
    case, _ = world.booked(number="26440826000103847562")
    text, pages = text_of(voucher(world.session, world.actor("刘芸"), case, press))
    for expected in (
        "经费报销凭证",
        "肆仟肆佰捌拾捌元整",
        "4,488.00元",
        "研修资料印制",
        "26440826000103847562",
        "周敏工作室",
        "课程资源与培训·2026年",
        "陈国栋",
        "法定代表人",
        "记-0318",
        "转账",
        "市级资助2,244.00元；区级配套2,244.00元",
        "2026年11月23日09:15",
        "已核销入账",
    ):
        assert expected in text
    assert pages == 1


def test_it_is_archivable_and_kept(world, press):
    case, _ = world.booked()
    content = voucher(world.session, None, case, press)
    assert b"pdfaid:part>2<" in content
    (kept,) = press.cache.iterdir()
    kept.write_bytes(b"kept")
    assert voucher(world.session, None, case, press) == b"kept"


def test_a_long_one_takes_two_pages(world, press):
    items = [{"name": f"研修资料 {number}", "quantity": 1, "amount": 10000} for number in range(30)]
    case, _ = world.booked(
        items=items, invoices=[{"number": "5", "amount": 300000, "attachment": world.file("invoice")}]
    )
    assert text_of(voucher(world.session, None, case, press))[1] == 2


def test_who_may_not_see_the_case_gets_no_voucher(world, press):
    case, _ = world.booked()
    for name in ("罗岚", "高原", "丁立"):
        with pytest.raises(NotFound):
            voucher(world.session, world.actor(name), case, press)
    with pytest.raises(NotFound):
        voucher(world.session, None, 999, press)


def test_there_is_none_before_booking(world, press):
    with pytest.raises(Conflict):
        voucher(world.session, None, world.expense(), press)


def test_a_code_tells_what_it_stands_for_and_no_person(world):
    case, entry = world.booked()
    instance = world.session.get_one(ProcessInstance, case)
    code = instance.verification_code
    found = verification(world.session, f"{code[:4]}-{code[4:].lower()}")
    assert found == {
        "kind": "经费报销凭证",
        "serial": instance.serial,
        "organization": "松风路小学",
        "date": "2026-11-23",
        "hash": signatures.content_hash(instance.values, ("submit_draft",)),
        "fingerprint": found["fingerprint"],
        "is_valid": True,
    }
    reverse(world, entry, 448800)
    assert not verification(world.session, code)["is_valid"]


def test_codes_of_nothing_printed_are_unknown(world):
    open_case = world.session.get_one(ProcessInstance, world.expense())
    for code in (open_case.verification_code, "2" * 16, "x", "O" * 16):
        with pytest.raises(NotFound):
            verification(world.session, code)


def test_a_refund_has_a_voucher_of_its_own_and_shows_on_the_first(world, press):
    case, entry = world.booked()
    refund = propose(world, entry, 100000, kind="refund")
    world.sign(refund, "legal_sign", "陈国栋")
    world.run("book_reversal", refund, by="陈国栋")
    text, pages = text_of(voucher(world.session, None, refund, press))
    assert "经费退款凭证" in text
    assert "负壹仟元整" in text
    assert "-1,000.00元" in text
    assert "凭证号记-0318，入账4,488.00元" in text
    assert pages == 1
    assert voucher_data(world.session, None, case, press)["notes"] == [
        "本单已于2026年11月23日退款 1,000.00 元，凭证号 记-0400。"
    ]
