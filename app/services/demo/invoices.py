"""Invoices of invented sellers, drawn with Typst and marked as samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import typst

from app.domain.identity import Actor
from app.domain.money import capitals, yuan
from app.services.demo.world import World
from app.services.files import attachments

# The platform's own font lies with the built front end; without it the machine's are taken.
FONT_FOLDER = Path(__file__).parents[2] / "views" / "static" / "dist" / "fonts"
FONTS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
# A region that no tax bureau has: the numbers of real invoices never look like this.
REGION = "00"
DIGITS = 16
Kind = Literal["pdf", "png"]


@dataclass(frozen=True)
class Invoice:
    """What stands on an invoice; the amount in fen."""

    number: str
    seller: str
    buyer: str
    amount: int
    on: date
    is_paper: bool = False


def new_number(world: World, on: date) -> str:
    """Draw a number of 20 digits that nobody used: year, region, and the rest."""
    return f"{on.year % 100:02d}{REGION}{world.chance.randrange(10**DIGITS):0{DIGITS}d}"


def upload(world: World, actor: Actor, invoice: Invoice) -> str:
    """Store an invoice's picture or PDF as the person who hands it in; return the attachment's id."""
    kind: Kind = "png" if invoice.is_paper else "pdf"
    drawn = draw(_lines(invoice), kind)
    name = f"{invoice.seller}_{invoice.number}.{kind}"
    stored = attachments.store(world.session, world.folder, actor, name, BytesIO(drawn))
    world.files.append(stored.id)
    return stored.id


def draw(lines: Sequence[str], kind: Kind) -> bytes:
    """Return a small page with a title and lines, as PDF or PNG."""
    quoted = ", ".join(f'"{name}"' for name in FONTS)
    source = f"""
#set page(width: 150mm, height: 96mm, margin: 9mm, fill: rgb("#fffdf8"))
#set text(font: ({quoted}), size: 9.5pt, lang: "zh")
#place(center + horizon, rotate(-18deg, text(size: 34pt, fill: rgb("#f0dcd6"))[演示样张]))
#align(center)[#text(size: 15pt, fill: rgb("#9c3b2e"))[{lines[0]}]]
#v(3mm)
{"".join(f"#par[{line}]{chr(10)}" for line in lines[1:])}
"""
    drawn = _typst().compile(source.encode(), format=kind, ppi=110)
    if isinstance(drawn, bytes):
        return drawn
    raise TypeError(kind)


@cache
def _typst() -> typst.Compiler:
    """Return the one compiler: finding the fonts is the slow part."""
    return typst.Compiler(font_paths=[str(FONT_FOLDER)])


def _lines(invoice: Invoice) -> tuple[str, ...]:
    return (
        "发票（手工录入）" if invoice.is_paper else "电子发票（普通发票）",
        f"发票号码：{invoice.number}",
        f"开票日期：{invoice.on.year}年{invoice.on.month}月{invoice.on.day}日",
        f"购买方：{invoice.buyer}",
        f"销售方：{invoice.seller}",
        f"价税合计（小写）：￥{yuan(invoice.amount)}",
        f"价税合计（大写）：{capitals(invoice.amount)}",
        "本图为演示样张，不是真实发票。",
    )
