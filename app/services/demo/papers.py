"""Papers that prove what stands in a file, drawn and marked as samples."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from app.db.work import Attachment
from app.services.demo import invoices
from app.services.demo.world import World
from app.services.files import attachments


@dataclass(frozen=True)
class Paper:
    """What stands on a paper: whom it is about, what it says, who gave it and when."""

    person: str
    text: str
    issuer: str
    on: date
    heading: str = "证书"


def hand_in(world: World, username: str, paper: Paper) -> Attachment:
    """Store a paper as the person who hands it in."""
    day = f"{paper.on.year}年{paper.on.month}月{paper.on.day}日"
    lines = (paper.heading, f"{paper.person}：", f"“{paper.text}”", paper.issuer, day, "本图为演示样张，不是真实文件。")
    drawn = BytesIO(invoices.draw(lines, "pdf"))
    stored = attachments.store(world.session, world.folder, world.actor(username), f"{paper.text}.pdf", drawn)
    world.files.append(stored.id)
    return stored
