"""The materials of an application: uploaded, or handed in on paper against a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.rounds import Application, ApplicationMaterial
from app.domain import clock
from app.domain.text import N_, sentence


@dataclass(frozen=True)
class Listed:
    """A line of the manifest as it was filled in."""

    name: str
    is_paper: bool
    file: str | None


def put(session: Session, application: Application, listed: Sequence[Listed]) -> None:
    """Make the manifest say what is listed; a paper that was handed in already keeps its receipt."""
    wanted = {one.name: one for one in listed}
    for material in application.materials:
        if material.name not in wanted and material.receipt_number is None:
            session.delete(material)
    present = {material.name: material for material in application.materials}
    for name, one in wanted.items():
        material = present.get(name) or ApplicationMaterial(application_id=application.id, name=name)
        material.is_paper, material.attachment_id = one.is_paper, None if one.is_paper else one.file
        session.add(material)
    session.flush()
    session.expire(application, ["materials"])


def receive(material: ApplicationMaterial, serial: str, receiver_id: int) -> None:
    """Hand out a receipt for a paper that has none yet."""
    material.receipt_number = f"{serial}-{material.id}"
    material.received_by_id, material.received_at = receiver_id, clock.now()


def expected(application: Application) -> list[ApplicationMaterial]:
    """Return the papers that have not been handed in."""
    return [one for one in application.materials if one.is_paper and one.receipt_number is None]


def counted(listed: Sequence[Listed]) -> str:
    """Say how many materials there are: 3 份（交纸质 1 份）."""
    papers = sum(one.is_paper for one in listed)
    if not listed:
        return N_("没有附材料")
    words = N_("%(count)d 份（交纸质 %(papers)d 份）") if papers else N_("%(count)d 份")
    return sentence(words, count=len(listed), papers=papers).chinese()
