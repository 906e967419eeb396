"""The stories of expenses: drafted, signed, returned, changed, booked, as the data files tell them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.money import Budget, BudgetLine
from app.domain import clock
from app.domain.vocabulary import PaymentMethod, Verdict
from app.services.acts import interventions
from app.services.demo import desk, invoices, studios
from app.services.demo.days import chinese
from app.services.demo.diary import Diary
from app.services.demo.files import load
from app.services.demo.invoices import Invoice
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.reading import comments

Told = Mapping[str, Any]
YUAN = 100
BOOKED: tuple[dict[str, Any], ...] = (
    {"who": "host", "does": "sign"},
    {"who": "legal", "does": "sign", "after": 1},
    {"who": "finance", "does": "accept", "after": 2},
)
# What a legal representative has three working days for decides how far back such a story begins.
SIGNING_DAYS = 3


def stories(world: World) -> list[Story]:
    """Return the stories of all expenses."""
    homes = {studio["key"]: studio for studio in studios.listed()}
    return [_story(world, told, homes[told["studio"]]) for name in ("booked", "open") for told in load(name)["expense"]]


def _story(world: World, told: Told, studio: Told) -> Story:
    steps = told.get("steps", BOOKED)
    diary = Diary(world, _back(world, told, steps))
    author = studio["host"] if told.get("by") != "member" else world.posts[studio["key"], "member"][0]
    yield diary.next("author", at=told.get("at"))
    instance = desk.start(world, author, "expense_approval", studio["school"], _values(world, told, studio, author))
    if "key" in told:
        world.cases[told["key"]] = instance
    for step in steps:
        yield diary.next(step["who"], step.get("after", 0), step.get("at"))
        _go_on(world, instance, {**told, **step}, studio, author)


def _back(world: World, told: Told, steps: tuple[Told, ...]) -> int:
    ends = {"due_soon": world.days.back_to_due_soon, "overdue": world.days.back_to_overdue}
    if "ends" not in told:
        return int(told["back"])
    taken = sum(int(step.get("after", 0)) for step in steps)
    return ends[told["ends"]](SIGNING_DAYS) + taken


def _go_on(world: World, instance: int, step: Told, studio: Told, author: str) -> None:
    username = _person(world, step["who"], studio, author)
    verdict, comment = step["does"], step.get("says")
    if verdict == "withdraw":
        interventions.withdraw(world.session, world.actor(username), instance, comment or "")
    elif verdict == "comment":
        comments.comment(world.session, world.actor(username), instance, comment or "")
    else:
        desk.answer(world, instance, username, verdict, _handed_in(world, step, studio, author), comment)


def _person(world: World, who: str, studio: Told, author: str) -> str:
    if who in {"author", "host"}:
        return author if who == "author" else str(studio["host"])
    school = studio["school"]
    if who == "legal" and world.posts[school, "legal"]:
        return world.holder(school, "legal")
    return world.holder(school, "principal" if who == "legal" else who)


def _handed_in(world: World, step: Told, studio: Told, author: str) -> dict[str, Any]:
    if step["does"] == Verdict.ACCEPT:
        return booking(world)
    return _values(world, step, studio, author) if step["does"] == Verdict.SUBMIT else {}


def booking(world: World) -> dict[str, Any]:
    """Return what finance fills in: paid on the day, under the next voucher number."""
    return {
        "voucher_number": world.next_voucher(),
        "paid_on": clock.today().isoformat(),
        "payment_method": world.chance.choice([PaymentMethod.TRANSFER] * 3 + [PaymentMethod.OFFICIAL_CARD]),
        "originals_checked": True,
    }


def _values(world: World, told: Told, studio: Told, author: str) -> dict[str, Any]:
    today = clock.today()
    saturday = chinese(world.days.saturday_before(today))
    values = {
        "studio": world.studios[studio["key"]],
        "budget_line": line_of(world, studio["key"], told["category"]),
        "category": told["category"],
        "purpose": told["purpose"].format(saturday=saturday),
        "items": [{"name": name, "quantity": count, "amount": fen(yuan)} for name, count, yuan in told["items"]],
        "payee": told["payee"],
        "invoices": [_invoice(world, row, studio, author) for row in told["invoices"]],
        "fixed_assets": "place" in told,
        "declared": True,
    }
    return {**values, "asset_place": told["place"]} if "place" in told else values


def _invoice(world: World, row: list[Any], studio: Told, author: str) -> dict[str, Any]:
    seller, yuan, *paper = row
    today = clock.today()
    invoice = Invoice(
        number=invoices.new_number(world, today),
        seller=seller,
        buyer=world.titles[studio["school"]],
        amount=fen(yuan),
        on=world.days.saturday_before(today),
        is_paper=bool(paper),
    )
    attachment = invoices.upload(world, world.actor(author), invoice)
    return {"number": invoice.number, "amount": invoice.amount, "attachment": attachment}


def line_of(world: World, studio: str, category: str) -> int:
    """Return the studio's budget line of the year in which the clock stands."""
    found = (
        select(BudgetLine.id)
        .join(Budget)
        .where(
            Budget.studio_id == world.studios[studio],
            Budget.year == clock.today().year,
            BudgetLine.category == category,
        )
    )
    return world.session.scalars(found).one()


def fen(yuan: float) -> int:
    """Turn yuan of the data files into fen."""
    return round(yuan * YUAN)
