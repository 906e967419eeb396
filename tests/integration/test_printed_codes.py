"""One code for each printed state, also when two people print at once, on each database product."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.documents import PrintedSheet
from app.domain import clock
from app.services.documents import approval_sheets
from app.services.documents.approval_sheets import Content
from app.services.documents.printing import Press
from app.services.reading.cases import case_view
from tests.integration.school import School

FACTS: dict[str, Any] = {
    "title": "经费报销审批单",
    "organization": "松风路小学",
    "serial": "BX-SF01-2026-0001",
    "day": "2026-11-26",
    "state": "办理中",
    "as_of": "2026年11月26日 09:15",
    "amount": None,
    **{part: [] for part in ("facts", "sheets", "checks", "collectives", "signatures", "history", "open")},
}
FONTS = Path(__file__).parents[2] / "app/views/static/dist/fonts"


def test_two_who_print_at_once_hold_the_same_paper(database: Engine, world: School, tmp_path: Path) -> None:
    world.confirm_budget()
    case = world.start_expense()
    press = Press(FONTS, tmp_path / "documents", "https://shenpi.example.cn")

    host = world.actor("host")
    world.session.rollback()

    def printed(_number: int) -> bytes:
        with Session(database, expire_on_commit=False) as session:
            view = case_view(session, host, case)
            content = Content("经费报销审批单", clock.now(), FACTS)
            return approval_sheets.approval_sheet(session, view, content, press)

    with ThreadPoolExecutor(4) as threads:
        papers = set(threads.map(printed, range(8)))
    world.session.rollback()
    assert len(papers) == 1
    assert world.session.scalar(select(func.count()).select_from(PrintedSheet)) == 1
