"""Studios: name, level, term, and the people who belong to them as dated positions."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.money import Studio
from app.db.people import Organization
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Programme, StudioLevel
from app.services.accounts.naming import named_people
from app.services.accounts.organizations import get_organization, in_scope
from app.services.accounts.positions import NOT_ONESELF
from app.services.acts import leavers
from app.services.attention import unheld_checks
from app.services.journal import record_organization
from app.services.studios.rosters import Finding, Roster, check_roster
from app.services.studios.staffing import end_posts, posts_of, restaff
from app.services.transactions import writing

PROGRAMME_OF = {StudioLevel.SCHOOL: Programme.SCHOOL_STUDIO, StudioLevel.CITY: Programme.CITY_STUDIO}
NAME_LENGTH = 60


@dataclass(frozen=True)
class StudioDraft:
    """A studio as it was typed; people by name (the school's own), username or both, one a line."""

    name: str
    level: str
    from_on: date | None
    until_on: date | None
    host: str
    members: str
    mentor: str = ""


# No organisation's id.
NOWHERE = 0


def studios_for(session: Session, actor: Actor) -> list[Studio]:
    """Return the studios that the actor administers, running ones first."""
    query = (
        select(Studio)
        .join(Organization)
        .where(in_scope(actor, Action.MANAGE_STUDIOS))
        .order_by(Studio.ended_on.is_not(None), Studio.until_on.desc(), Studio.id)
    )
    return list(session.scalars(query.options(joinedload(Studio.organization))))


def get_studio(session: Session, actor: Actor, studio_id: int) -> Studio:
    """Return a studio that the actor administers; raises NotFound or Forbidden."""
    studio = session.get(Studio, studio_id)
    # One that is not there goes the same way, so that nobody learns by a watch which there are.
    get_organization(session, actor, studio.organization_id if studio else NOWHERE, Action.MANAGE_STUDIOS)
    if studio is None:
        raise NotFound
    return studio


def create_studio(
    session: Session, actor: Actor, organization_id: int, draft: StudioDraft
) -> tuple[Studio, list[Finding]]:
    """Found a studio and name its people; returns the soft findings of the roster rules.

    Raises Invalid by field, Refused by a roster rule, NotFound or Forbidden.
    """
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.MANAGE_STUDIOS)
        roster = _checked(session, organization, draft)
        level = StudioLevel(draft.level)
        findings = check_roster(session, organization.id, PROGRAMME_OF[level], roster)
        studio = Studio(organization_id=organization.id, **_columns(draft))
        session.add(studio)
        session.flush()
        _refuse_oneself(actor, restaff(session, studio, roster, clock.today(), studio.from_on))
        record_organization(session, organization.id, actor, "create_studio", _described(studio, roster))
        unheld_checks.recheck(session, organization.id)
    return studio, findings


def change_studio(session: Session, actor: Actor, studio_id: int, draft: StudioDraft) -> list[Finding]:
    """Change a studio and its people; who leaves it leaves at once, who joins joins today.

    Raises as `create_studio` does.
    """
    with writing(session):
        studio = get_studio(session, actor, studio_id)
        roster = _checked(session, studio.organization, draft, studio)
        findings = check_roster(session, studio.organization_id, PROGRAMME_OF[StudioLevel(draft.level)], roster)
        for column, value in _columns(draft).items():
            setattr(studio, column, value)
        session.flush()
        concerned = restaff(session, studio, roster, clock.today(), max(clock.today(), studio.from_on))
        _refuse_oneself(actor, concerned)
        record_organization(session, studio.organization_id, actor, "change_studio", _described(studio, roster))
        unheld_checks.recheck(session, studio.organization_id)
    leavers.release_left(session)
    return findings


def end_studio(session: Session, actor: Actor, studio_id: int) -> None:
    """End a studio and its posts at once; raises NotFound or Forbidden."""
    with writing(session):
        studio = get_studio(session, actor, studio_id)
        studio.ended_on = clock.today()
        end_posts(session, posts_of(session, studio_id), clock.today())
        record_organization(session, studio.organization_id, actor, "end_studio", {"studio": studio_id})
        unheld_checks.recheck(session, studio.organization_id)
    leavers.release_left(session)


def _columns(draft: StudioDraft) -> dict[str, object]:
    level = StudioLevel(draft.level)
    return {
        "name": draft.name.strip(),
        "level": level,
        "programme": PROGRAMME_OF[level],
        "from_on": draft.from_on,
        "until_on": draft.until_on,
    }


def _checked(session: Session, organization: Organization, draft: StudioDraft, studio: Studio | None = None) -> Roster:
    errors = _errors(session, organization, draft, studio)
    hosts = _found(session, organization, draft.host, "host", errors)
    members = _found(session, organization, draft.members, "members", errors)
    mentors = _found(session, organization, draft.mentor, "mentor", errors)
    if "host" not in errors and len(hosts) != 1:
        errors["host"] = [sentence(N_("请填一位主持人。"))]
    if len(mentors) > 1:
        errors["mentor"] = [sentence(N_("导师只填一位。"))]
    if set(hosts) & set(members) or set(mentors) & {*hosts, *members}:
        errors.setdefault("members", []).append(sentence(N_("主持人、导师和成员不能是同一个人。")))
    if errors:
        raise Invalid(errors)
    return Roster(hosts[0], tuple(dict.fromkeys(members)), mentors[0] if mentors else None)


def _errors(
    session: Session, organization: Organization, draft: StudioDraft, studio: Studio | None
) -> dict[str, list[Sentence]]:
    errors: dict[str, list[Sentence]] = {}
    name = draft.name.strip()
    same = select(Studio.id).where(Studio.organization_id == organization.id, Studio.name == name)
    if not 0 < len(name) <= NAME_LENGTH:
        errors["name"] = [sentence(N_("请填工作室名称，最多 %(most)d 个字。"), most=NAME_LENGTH)]
    elif session.scalar(same.where(Studio.id != studio.id) if studio else same):
        errors["name"] = [sentence(N_("本单位已有同名的工作室。"))]
    if draft.level not in set(StudioLevel):
        errors["level"] = [sentence(N_("请选级别。"))]
    if draft.from_on is None:
        errors["from_on"] = [sentence(N_("请填工作周期的第一天。"))]
    if draft.until_on is None:
        errors["until_on"] = [sentence(N_("请填工作周期的最后一天。"))]
    elif draft.from_on is not None and draft.until_on < draft.from_on:
        errors["until_on"] = [sentence(N_("最后一天不能早于第一天。"))]
    return errors


def _found(
    session: Session, organization: Organization, text: str, field: str, errors: dict[str, list[Sentence]]
) -> list[int]:
    named = named_people(session, organization.id, text)
    if named.errors:
        errors.setdefault(field, []).extend(named.errors)
    return named.people


def _refuse_oneself(actor: Actor, concerned: set[int]) -> None:
    if actor.person_id in concerned:
        raise Forbidden(NOT_ONESELF)


def _described(studio: Studio, roster: Roster) -> dict[str, object]:
    return {
        "studio": studio.id,
        "name": studio.name,
        "from_on": studio.from_on.isoformat(),
        "until_on": studio.until_on.isoformat(),
        "host": roster.host_id,
        "members": list(roster.member_ids),
        "mentor": roster.mentor_id,
    }
