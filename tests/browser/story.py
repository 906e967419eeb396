"""The first expense of a school, from an empty database to the voucher, as people do it in the browser."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from app.domain import clock
from tests.browser.papers import invoice_pdf, invoice_photo
from tests.browser.server import Server
from tests.browser.windows import sign_in, window

PASSWORD = "Songfeng-2026"
ADMIN, HOST, LEGAL, FINANCE = "韩雪", "周敏", "陈国栋", "刘芸"
USERNAMES = {ADMIN: "hanxue", HOST: "13800000001", LEGAL: "13800000002", FINANCE: "13800000003"}
MEMBERS = ["李若涵", "顾晓岚", "何静", "苏眉", "罗佳", "江帆"]
PURPOSE = "跨校主题班会观摩活动：12月5日与育新学校开展，外聘专家讲课，印制研修资料。"
PAYEE = "周敏（个人垫付，凭票报销）"
PLACE = "教学楼 302 室"
REASON = "讲课费超过标准，请按副高 2,000 元一场改。"
STUDIO = "周敏名班主任工作室"


@dataclass(frozen=True)
class Terms:
    """On what rules the school begins: its pack, the studio's level, and where the money comes from."""

    width: int
    pack: tuple[str, str]
    level: str
    grants: tuple[tuple[str, str], ...]


@dataclass
class Story:
    """The people of a school, each with a window of their own."""

    chromium: Browser
    server: Server
    terms: Terms
    folder: Path
    windows: ExitStack = field(default_factory=ExitStack)
    pages: dict[str, Page] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        if name not in self.pages:
            opened = window(self.chromium, self.server.address, self.terms.width)
            self.pages[name] = self.windows.enter_context(opened)
        return self.pages[name]

    def task(self, name: str) -> Page:
        """Open the first thing that waits for a person."""
        page = self.page(name)
        page.goto("/")
        page.locator(".sp-item a").first.click()
        expect(page.locator("#ask")).to_have_text("请您办理")
        return page


def set_up(story: Story) -> None:
    page = story.page(ADMIN)
    page.goto("/")
    page.fill("[name=code]", "0000-0000-0000")
    page.fill("[name=name]", "松风路小学")
    page.fill("[name=organization_code]", "SF01")
    for name, value in (("kind", "school"), ("affiliation", "district"), ("stage", "primary"), story.terms.pack):
        page.select_option(f"[name={name}]", value)
    page.fill("[name=admin_name]", ADMIN)
    page.fill("[name=username]", USERNAMES[ADMIN])
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=repeated]", PASSWORD)
    page.click("button:has-text('完成设置')")
    expect(page.locator("#f-code-e")).to_contain_text("设置码不对")
    expect(page.locator("[name=name]")).to_have_value("松风路小学")
    page.fill("[name=code]", story.server.setup_code)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=repeated]", PASSWORD)
    page.click("button:has-text('完成设置')")
    expect(page.locator("h1")).to_have_text("批量导入人员")


def import_people(story: Story) -> None:
    """Upload the filled template, first with a title that does not exist."""
    page = story.page(ADMIN)
    with page.expect_download() as download:
        page.click("a:has-text('下载 people.xlsx 模板')")
    sheet = story.folder / "people.xlsx"
    download.value.save_as(sheet)
    upload(page, people_sheet(sheet, legal_title="法人"))
    expect(page.locator("#error-summary")).to_contain_text("D3：没有“法人”这个职务")
    upload(page, people_sheet(sheet, legal_title="法定代表人"))
    expect(page.locator("h1")).to_have_text("导入完成")
    for row in page.locator("tbody tr").all():
        story.passwords[row.locator("th").inner_text()] = row.locator("code").inner_text()
    assert set(story.passwords) == {HOST, LEGAL, FINANCE, *MEMBERS}


def upload(page: Page, sheet: Path) -> None:
    page.set_input_files("input[name=file]", sheet)
    page.click("main button:has-text('导入')")


def people_sheet(template: Path, legal_title: str) -> Path:
    workbook = load_workbook(template)
    sheet = workbook["人员"]
    people = [(HOST, USERNAMES[HOST], "班主任"), (LEGAL, USERNAMES[LEGAL], legal_title)]
    people += [(FINANCE, USERNAMES[FINANCE], "财务"), (LEGAL, USERNAMES[LEGAL], "校长")]
    people += [(name, f"1380000001{number}", "教师") for number, name in enumerate(MEMBERS)]
    for number, (name, username, title) in enumerate(people, start=2):
        for column, text in enumerate((name, username, "", title, "2024-09-01"), start=1):
            sheet.cell(number, column, text)
    filled = template.with_name(f"{legal_title}.xlsx")
    workbook.save(filled)
    return filled


def first_sign_in(story: Story, name: str) -> None:
    """Sign in with the one-time password; nothing opens before a new one is set."""
    page = story.page(name)
    sign_in(page, USERNAMES[name], story.passwords[name])
    expect(page.locator("h1")).to_have_text("修改密码")
    page.goto("/start")
    expect(page.locator("h1")).to_have_text("修改密码")
    page.fill("[name=old_password]", story.passwords[name])
    page.fill("[name=new_password]", PASSWORD)
    page.fill("[name=repeated]", PASSWORD)
    page.click("button:has-text('保存新密码')")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("待办")


def found_studio(story: Story) -> None:
    page = story.page(ADMIN)
    page.goto("/settings")
    page.click("main a:has-text('工作室')")
    page.click("a:has-text('建立工作室')")
    year = clock.today().year
    page.fill("[name=name]", STUDIO)
    page.select_option("[name=level]", story.terms.level)
    page.fill("[name=from_on]", date(year, 1, 1).isoformat())
    page.fill("[name=until_on]", date(year + 1, 12, 31).isoformat())
    page.fill("[name=host]", HOST)
    page.fill("[name=members]", "\n".join(MEMBERS))
    page.click("main button:has-text('建立')")
    expect(page.locator("main")).to_contain_text(STUDIO)


def budget(story: Story) -> None:
    """File the annual budget; finance confirms it."""
    page = story.page(HOST)
    page.goto("/start")
    page.click(".sp-person:has-text('年度预算')")
    choose(page, "studio", STUDIO)
    page.select_option("[name=year]", str(clock.today().year))
    rows(page, "grants", [{"source": source, "amount": amount} for source, amount in story.terms.grants])
    rows(page, "lines", [{"category": "training", "amount": "9000"}, {"category": "books", "amount": "1,000.00"}])
    press(page, "提交")
    expect(page.locator(".sp-note").first).to_contain_text("已提交")
    page = story.task(FINANCE)
    page.click("[name=verdict][value=accept]")
    expect(page.locator(".sp-note").first).to_contain_text("办结")


def rows(page: Page, name: str, wanted: list[dict[str, str]]) -> None:
    """Fill the rows of a list, adding those that are missing."""
    for number, row in enumerate(wanted):
        if number >= page.locator(f"[id='f-{name}'] .sp-rows__row").count():
            page.click(f"button[name=_add][value={name}]")
        for key, value in row.items():
            put(page, f"{name}.{number}.{key}", value)


def put(page: Page, name: str, value: str) -> None:
    found = page.locator(f"[name='{name}']:not([type=hidden])").first
    if found.evaluate("each => each.tagName") == "SELECT":
        found.select_option(value)
    else:
        found.fill(value)


def choose(page: Page, name: str, words: str) -> None:
    """Choose the option that has these words."""
    option = page.locator(f"[name={name}] option", has_text=words).first
    page.select_option(f"[name={name}]", option.get_attribute("value"))


def press(page: Page, words: str) -> None:
    page.click(f".sp-verdict button:has-text('{words}')")


def file_expense(story: Story) -> None:
    """File an expense, first with faults: nothing that was typed or chosen is lost."""
    page = story.page(HOST)
    page.goto("/start")
    page.click(".sp-person:has-text('经费报销')")
    expect(page.locator("[name=asset_place]")).to_have_count(0)
    choose(page, "studio", STUDIO)
    page.fill("[name=purpose]", PURPOSE)
    choose(page, "budget_line", "培训")
    page.select_option("[name=category]", "training")
    rows(page, "items", [{"name": "外聘专家讲课费", "quantity": "1", "amount": "2,400"}])
    rows(page, "items", [{}, {"name": "投影仪", "quantity": "1", "amount": "2088.00"}])
    rows(page, "invoices", [{"number": "26440826000103847562", "amount": "2400"}])
    page.locator("[name='invoices.0.attachment']").first.set_input_files(invoice_pdf(story.folder))
    rows(page, "invoices", [{}, {"number": "26440826000118830417", "amount": "2000"}])
    page.locator("[name='invoices.1.attachment']").last.set_input_files(invoice_photo(story.folder))
    page.check("[name=fixed_assets]")
    page.wait_for_selector("[name=asset_place]")
    press(page, "提交")
    faults = page.locator("#error-summary")
    for words in ("收款人", "资产存放地点", "声明"):
        expect(faults).to_contain_text(words)
    expect_kept(page)
    page.fill("[name=payee]", PAYEE)
    page.fill("[name=asset_place]", PLACE)
    page.check("[name=declared]")
    press(page, "提交")
    expect(page.locator(".sp-err").first).to_contain_text("合计")
    expect_kept(page)
    page.fill("[name='invoices.1.amount']", "2088")
    press(page, "提交")
    expect(page.locator(".sp-note").first).to_contain_text("已提交")


def expect_kept(page: Page) -> None:
    expect(page.locator("[name=purpose]")).to_have_value(PURPOSE)
    expect(page.locator("[name='items.1.name']")).to_have_value("投影仪")
    expect(page.locator("[name='items.0.amount']")).to_have_value("2,400.00")
    kept = page.locator("[id='f-invoices'] .sp-docs:not(.sp-preview) li")
    expect(kept).to_have_count(2)
    expect(kept.first).to_contain_text("发票.pdf")


def sign(story: Story, name: str, *, is_clumsy: bool = False) -> None:
    page = story.task(name)
    page.click("[name=verdict][value=sign]")
    expect(page.locator("h1")).to_have_text("签字确认")
    expect(page.locator(".sp-oath")).to_contain_text("同意报销")
    if is_clumsy:
        page.fill("[name=password]", "not-this-one")
        press(page, "确认签字")
        expect(page.locator(".sp-err")).to_contain_text("密码不对")
    page.fill("[name=password]", PASSWORD)
    press(page, "确认签字")
    expect(page.locator(".sp-note").first).to_contain_text("已签字")


def send_back(story: Story) -> None:
    """Return the expense: without a reason first, which asks for one."""
    page = story.task(LEGAL)
    expect(page.locator("main")).to_contain_text(PURPOSE)
    page.click("[name=verdict][value=return]")
    expect(page.locator("h1")).to_have_text("写明退回的理由")
    press(page, "退回")
    expect(page.locator(".sp-err")).to_be_visible()
    page.fill("[name=comment]", REASON)
    press(page, "退回")
    expect(page.locator(".sp-note").first).to_contain_text("已退回")


def change(story: Story) -> None:
    """Change the returned expense: the signature is void, and a page says what was changed."""
    page = story.task(HOST)
    expect(page.locator("main")).to_contain_text(REASON)
    expect_kept(page)
    page.fill("[name='items.0.amount']", "2,000")
    page.fill("[name='invoices.0.amount']", "2000")
    page.click("[name=verdict][value=submit]")
    expect(page.locator(".sp-note").first).to_contain_text("下一步：主持人签字")
    page = story.task(HOST)
    expect(page.locator(".sp-time .is-late")).to_contain_text("的签字作废")
    page.click("a:has-text('看改了什么')")
    expect(page.locator("h1")).to_have_text("改了什么")
    expect(page.locator("main")).to_contain_text("2,400.00")
    expect(page.locator("main")).to_contain_text("2,000.00")


def book(story: Story) -> Page:
    """Book the expense, first without having ticked that the originals were seen; return the page of the case."""
    page = story.task(FINANCE)
    page.fill("[name=voucher_number]", "记-0318")
    page.click("[name=verdict][value=accept]")
    expect(page.locator("#error-summary")).to_contain_text("付款日期")
    expect(page.locator("[name=voucher_number]")).to_have_value("记-0318")
    page.check("[name=originals_checked]")
    page.fill("[name=paid_on]", clock.today().isoformat())
    page.select_option("[name=payment_method]", "transfer")
    page.click("[name=verdict][value=accept]")
    expect(page.locator(".sp-note").first).to_contain_text("办结")
    page.goto("/?box=done")
    page.click(".sp-item a:has-text('跨校主题班会')")
    page.click("a:has-text('看这件事的全部')")
    return page
