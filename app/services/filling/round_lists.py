"""Whom a round's decision may name: candidates in the formula's order, hosts, members, and who may still follow."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.db.rounds import Application, Round
from app.db.selections import DecisionSheet
from app.domain.identity import Actor
from app.domain.rounds import ApplicationKind, ApplicationResult, ApplicationStatus, RoundStage
from app.domain.selections import SheetKind
from app.domain.text import N_, sentence
from app.engine.forms import Option
from app.services.accounts.naming import names_of

WISHES = N_("愿去%(name)s的工作室")
ALLOCATED = N_("服从调配")
PROPOSED = N_("%(names)s提名")
MEANT = N_("拟聘导师：%(name)s")
PLACED = N_("第 %(place)d 名")
RANKED = N_("第 %(place)d 名 · 总分 %(total)s")


def round_candidates(session: Session, actor: Actor, organization_id: int) -> list[Option]:
    """Return the candidates of the rounds that an organisation is deciding, in the order of their sheets."""
    query = select(DecisionSheet).join(DecisionSheet.round)
    query = query.where(
        DecisionSheet.kind == SheetKind.HOST,
        Round.organization_id == organization_id,
        Round.stage == RoundStage.DECIDING,
    )
    sheets = session.scalars(query.order_by(DecisionSheet.round_id)).all()
    rows = [row for sheet in sheets for row in sheet.rows]
    if actor.person_id in {row["person"] for row in rows}:
        return []
    return [Option(row["person"], row["name"], _standing(row)) for row in rows]


def round_hosts(session: Session, organization_id: int) -> list[Option]:
    """Return who was determined as host in the rounds that an organisation is deciding."""
    found = _applications(organization_id, ApplicationKind.HOST, RoundStage.DECIDING)
    chosen = session.scalars(found.where(Application.result == ApplicationResult.CHOSEN))
    return [Option(one.person_id, one.person.name, _host_hint(one)) for one in chosen]


def round_members(session: Session, organization_id: int) -> list[Option]:
    """Return who applied as a member in the rounds that an organisation is deciding, with their wishes."""
    found = session.scalars(_applications(organization_id, ApplicationKind.MEMBER, RoundStage.DECIDING)).all()
    names = names_of(session, sorted({host for one in found for host in one.proposed_by or ()}))
    return [Option(one.person_id, one.person.name, _wish(one, names)) for one in found]


def round_reserves(session: Session, organization_id: int) -> list[Option]:
    """Return who may still follow in the rounds by which an organisation is appointing, in their order."""
    found = _applications(organization_id, ApplicationKind.HOST, RoundStage.APPOINTING)
    left = session.scalars(found.where(Application.result == ApplicationResult.RESERVE))
    return [Option(one.person_id, one.person.name, sentence(PLACED, place=one.place or 0).chinese()) for one in left]


def _applications(organization_id: int, kind: ApplicationKind, stage: RoundStage) -> Select[Application]:
    query = select(Application).join(Application.round)
    query = query.where(
        Round.organization_id == organization_id,
        Round.stage == stage,
        Application.kind == kind,
        Application.status == ApplicationStatus.ACCEPTED,
    )
    around = (Application.person, Application.organization, Application.wished_host, Application.instance)
    return query.options(*map(joinedload, around)).order_by(Application.round_id, Application.place, Application.id)


def _standing(row: Mapping[str, Any]) -> str:
    words = RANKED if row["total"] is not None else PLACED
    return sentence(words, place=row["place"], total=f"{row['total'] or 0:.2f}").chinese()


def _host_hint(application: Application) -> str:
    """Return the school, and whom the host meant to engage as mentor."""
    meant = str((application.instance.values.get("apply") or {}).get("mentor") or "").strip()
    words = [sentence(MEANT, name=meant).chinese()] if meant else []
    return " · ".join([application.organization.name, *words])


def _wish(application: Application, names: Mapping[int, str]) -> str:
    wished = application.wished_host
    words = [sentence(WISHES, name=wished.name).chinese()] if wished else []
    allocated = [ALLOCATED] if application.accepts_allocation or not wished else []
    proposing = "、".join(names[one] for one in application.proposed_by or () if one in names)
    proposed = [sentence(PROPOSED, names=proposing).chinese()] if proposing else []
    return "，".join([*words, *allocated, *proposed])
