"""The checks of an expense before anybody signs it (S1 经费 第三、四、五条)."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.db.money import Studio
from app.db.queries import money
from app.db.queries.money import LineState
from app.db.work import Attachment
from app.domain import clock
from app.domain.money import yuan
from app.domain.text import N_
from app.domain.vocabulary import CATEGORY_TITLES, Category
from app.services.operations import parameters
from app.services.operations.call import Call
from app.services.operations.expense import Expense
from app.services.operations.findings import Findings
from app.services.operations.funds import USED
from app.services.texts import full_day


@dataclass(frozen=True)
class Facts:
    """What the database says about an expense; `held` is what the case itself reserves, in fen."""

    studio: Studio | None
    line: LineState | None
    held: int
    used_numbers: frozenset[str]
    files: frozenset[str]

    @property
    def available(self) -> int:
        """Return what the case may spend of its line, its own reservation included, in fen."""
        return self.line.available + self.held if self.line else 0


def gather(call: Call, expense: Expense) -> Facts:
    """Read what the checks compare with."""
    held = money.reservation_of(call.session, call.instance_id)
    numbers = [invoice.number for invoice in expense.invoices]
    return Facts(
        studio=call.session.get(Studio, expense.studio) if expense.studio else None,
        line=money.line_state(call.session, expense.budget_line),
        held=held[1] if held and held[0] == expense.budget_line else 0,
        used_numbers=money.invoices_used_elsewhere(call.session, call.instance_id, numbers),
        files=_files(call, expense),
    )


def check_studio(call: Call, facts: Facts, findings: Findings) -> None:
    """Demand an active studio of the school, within its term, and the one that the case began with."""
    studio, today = facts.studio, clock.today()
    if studio is None or studio.organization_id != call.organization_id:
        findings.fault("studio", N_("请选本单位的工作室。"))
    elif call.studio_id not in {None, studio.id}:
        findings.fault("studio", N_("办理中不能换工作室；请撤回后另起一单。"))
    elif studio.ended_on is not None and studio.ended_on <= today:
        findings.fault("studio", N_("工作室已于 %(on)s 终止，不能再报销。"), on=full_day(studio.ended_on))
    elif not studio.from_on <= today <= studio.until_on:
        message = N_("今天不在工作室的工作周期内（%(from_on)s至%(until_on)s），不能报销。")
        findings.fault("studio", message, from_on=full_day(studio.from_on), until_on=full_day(studio.until_on))
    else:
        findings.passed(N_("工作室在工作周期内（至 %(on)s）"), on=full_day(studio.until_on))


def check_line(expense: Expense, facts: Facts, findings: Findings) -> None:
    """Demand a line of the studio's budget of this year, in the expense's category, with enough left."""
    line = facts.line
    if line is None or line.studio_id != expense.studio:
        findings.fault("budget_line", N_("请选这个工作室已经确认的预算。"), parameters.EARMARKED)
        return
    if not _is_open_year(line.year, findings):
        message = N_("这是 %(year)d 年的预算，现在只能用 %(now)d 年的。")
        findings.fault("budget_line", message, parameters.EARMARKED, year=line.year, now=clock.today().year)
    if line.category != expense.category:
        message = N_("预算项是“%(title)s”，支出类别要与它相同。")
        findings.fault("category", message, parameters.CATEGORIES, title=CATEGORY_TITLES[Category(line.category)])
    _check_available(expense, facts, findings)


def check_sums(expense: Expense, findings: Findings) -> None:
    """Demand items and invoices that add up to the same sum."""
    if not expense.items:
        findings.fault("items", N_("请至少填一行明细。"))
    elif not expense.invoices:
        findings.fault("invoices", N_("请至少附一张发票。"), parameters.GENUINE)
    elif expense.total != expense.invoiced:
        findings.fault(
            "invoices",
            N_("发票合计 %(invoiced)s 元，明细合计 %(total)s 元，相差 %(apart)s 元；两个合计要相等。"),
            parameters.GENUINE,
            invoiced=yuan(expense.invoiced),
            total=yuan(expense.total),
            apart=yuan(abs(expense.total - expense.invoiced)),
        )
    else:
        message = N_("%(count)d 张发票合计与明细合计相等，都是 %(total)s 元")
        findings.passed(message, parameters.GENUINE, count=len(expense.invoices), total=yuan(expense.total))


def check_invoices(expense: Expense, facts: Facts, findings: Findings) -> None:
    """Demand a file and a number used nowhere else for each invoice; says nothing of the other case."""
    times = Counter(invoice.number for invoice in expense.invoices)
    paths = []
    for place, invoice in enumerate(expense.invoices):
        number, file = f"invoices.{place}.number", f"invoices.{place}.attachment"
        paths += [number, file]
        if not invoice.number:
            findings.fault(number, N_("请填发票号码。"), parameters.GENUINE)
        elif not invoice.is_printable:
            findings.fault(number, N_("发票号码只有数字、英文字母和汉字，请对照发票重新填写。"), parameters.GENUINE)
        elif times[invoice.number] > 1:
            findings.fault(number, N_("这个发票号码在本单里填了 %(times)d 次。"), times=times[invoice.number])
        elif invoice.number in facts.used_numbers:
            findings.fault(number, USED)
        if invoice.attachment not in facts.files:
            findings.fault(file, N_("请上传这张发票的文件。"), parameters.GENUINE)
    if paths and not findings.has_fault(*paths):
        findings.passed(N_("%(count)d 张发票都有文件，号码没有用过"), count=len(times))


def check_assets(expense: Expense, findings: Findings) -> None:
    """Demand a place for fixed assets."""
    if expense.fixed_assets and not expense.asset_place.strip():
        findings.fault("asset_place", N_("有固定资产的，请写明存放地点。"), parameters.ASSETS)
    elif expense.fixed_assets:
        findings.passed(N_("固定资产写明了存放地点，入账时登记资产台账"), parameters.ASSETS)


def check_declaration(expense: Expense, findings: Findings) -> None:
    """Demand the declaration that none of the money goes where it may never go."""
    if expense.declared:
        findings.passed(N_("起草人已声明不属于“三公”经费、个人消费和学校公用经费"), parameters.FORBIDDEN)
    else:
        findings.fault("declared", N_("请先声明：不属于“三公”经费、个人消费和学校公用经费。"), parameters.FORBIDDEN)


def _check_available(expense: Expense, facts: Facts, findings: Findings) -> None:
    title = CATEGORY_TITLES[Category(facts.line.category)] if facts.line else ""
    if expense.total > facts.available:
        message = N_("“%(title)s”还可用 %(left)s 元，本单 %(total)s 元，差 %(short)s 元。")
        short = yuan(expense.total - facts.available)
        findings.fault(
            "budget_line",
            message,
            parameters.EARMARKED,
            title=title,
            left=yuan(facts.available),
            total=yuan(expense.total),
            short=short,
        )
    else:
        findings.passed(N_("“%(title)s”可用余额够"), parameters.EARMARKED, title=title)


def _is_open_year(year: int, findings: Findings) -> bool:
    now = clock.today().year
    return year == now or (year == now - 1 and bool(findings.rule(parameters.CARRY_OVER, default=False)))


def _files(call: Call, expense: Expense) -> frozenset[str]:
    named = [invoice.attachment for invoice in expense.invoices if invoice.attachment]
    is_own = or_(Attachment.instance_id.is_(None), Attachment.instance_id == call.instance_id)
    return frozenset(call.session.scalars(select(Attachment.id).where(Attachment.id.in_(named), is_own)))
