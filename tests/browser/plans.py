"""Filing a semester plan through its page, as a host does."""

from playwright.sync_api import Page


def fill_plan(page: Page, direction: str) -> None:
    page.goto("/start/semester_plan")
    page.select_option("[name=studio]", index=1)
    page.select_option("[name=semester]", index=1)
    for name, text in {
        "direction": direction,
        "goals": "每位成员形成一套可以推广的办法。",
        "activities.0.name": "主题班会观摩",
        "results": "课例集一本。",
        "budget": "1200",
    }.items():
        page.fill(f"[name='{name}']", text)
    page.select_option("[name='activities.0.month']", "11")
    page.select_option("[name='activities.0.kind']", "class_meeting")


def file_plan(page: Page, direction: str) -> None:
    fill_plan(page, direction)
    with page.expect_navigation():
        page.click(".sp-verdict button:has-text('提交')")


def open_task(page: Page, words: str) -> None:
    """Open the one task of the inbox whose case has these words."""
    page.goto(f"/?q={words}")
    page.click(".sp-item a")
