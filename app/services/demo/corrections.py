"""The stories beside the expenses: reversals and refunds, and a deputy's written authorisation."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from app.db.money import LedgerEntry
from app.domain import clock
from app.domain.vocabulary import Role
from app.services import authorizations
from app.services.authorizations import AuthorizationDraft
from app.services.demo import desk, invoices
from app.services.demo.days import chinese
from app.services.demo.diary import Diary
from app.services.demo.expenses import fen
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World

SCHOOL = "SF01"
ENTERED_BACK = 15
LASTS = timedelta(days=45)


def stories(world: World) -> list[Story]:
    """Return the stories of reversals, refunds and the authorisation."""
    return [*(_correction(world, told) for told in load("open")["correction"]), _authorization(world)]


def _correction(world: World, told: dict[str, Any]) -> Story:
    diary = Diary(world, told["back"])
    yield diary.next("finance")
    entry = world.session.scalars(
        select(LedgerEntry.id).where(LedgerEntry.instance_id == world.cases[told["of"]])
    ).one()
    values = {
        "booking": entry,
        "kind": told["kind"],
        "amount": fen(told["amount"]),
        "reason": told["reason"],
        "voucher_number": world.next_voucher(),
        "paid_on": clock.today().isoformat(),
    }
    finance = world.holder(told["school"], "finance")
    instance = desk.start(world, finance, "expense_reversal", told["school"], values)
    if told["is_signed"]:
        yield diary.next("legal", after=1)
        desk.answer(world, instance, world.holder(told["school"], "principal"), "sign")


def _authorization(world: World) -> Story:
    """Let the deputy sign for the principal who is away for training."""
    diary = Diary(world, ENTERED_BACK)
    yield diary.next("office")
    principal, deputy = world.holder(SCHOOL, "principal"), world.holder(SCHOOL, "deputy")
    from_on = world.days.back(ENTERED_BACK - 1)
    draft = AuthorizationDraft(
        role=Role.LEGAL_REPRESENTATIVE,
        principal_id=world.people[principal],
        deputy_id=world.people[deputy],
        from_on=from_on,
        until_on=world.days.today + LASTS,
    )
    lines = (
        "授权委托书",
        f"委托人：{world.names[principal]}（法定代表人）",
        f"受托人：{world.names[deputy]}（分管德育副校长）",
        "事项：外出培训期间，代为审核并签署工作室经费报销单。",
        f"自{chinese(from_on)}起，至{chinese(draft.until_on or from_on)}止。",
    )
    scan = ("授权委托书.pdf", BytesIO(invoices.draw(lines, "pdf")))
    entered = authorizations.enter(
        world.session,
        world.actor(world.holder(SCHOOL, "admin")),
        world.organizations[SCHOOL],
        draft,
        scan=scan,
        folder=world.folder,
    )
    world.files.append(entered.attachment_id)
    yield diary.next("legal", after=1, at="08:20")
    authorizations.confirm(world.session, world.actor(principal), entered.id)
