"""Studios: name, level, term, and the people who belong to them as dated positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.money import Studio
from app.db.people import Organization, Person, Position
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Programme, Role, StudioLevel
from app.services.accounts.organizations import get_organization, in_scope
from app.services.accounts.positions import NOT_ONESELF, Term, finish, not_ended, place_person
from app.services.accounts.sign_in import normalized
from app.services.acts import leavers
from app.services.attention import unheld_checks
from app.services.journal import record_organization
from app.services.studios.rosters import Finding, Roster, check_roster
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


def posts_of(session: Session, studio_id: int) -> list[Position]:
    """Return a studio's posts that have not ended: host, members, mentor."""
    query = select(Position).where(Position.studio_id == studio_id, not_ended()).order_by(Position.role, Position.id)
    return list(session.scalars(query.options(joinedload(Position.person))))


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
        _staff(session, actor, studio, roster, studio.from_on)
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
        _staff(session, actor, studio, roster, max(clock.today(), studio.from_on))
        record_organization(session, studio.organization_id, actor, "change_studio", _described(studio, roster))
        unheld_checks.recheck(session, studio.organization_id)
    leavers.release_left(session)
    return findings


def end_studio(session: Session, actor: Actor, studio_id: int) -> None:
    """End a studio and its posts at once; raises NotFound or Forbidden."""
    with writing(session):
        studio = get_studio(session, actor, studio_id)
        studio.ended_on = clock.today()
        for post in posts_of(session, studio_id):
            finish(session, post, None)
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
    """Return the people named in a text, one a line; what fits nobody or several becomes an error."""
    found: list[int] = []
    for line in dict.fromkeys(filter(None, (part.strip() for part in text.splitlines()))):
        people = _named(session, organization, line)
        if len(people) == 1:
            found.append(people[0])
        elif people:
            errors.setdefault(field, []).append(
                sentence(N_("本单位有 %(count)d 位“%(name)s”，请改填用户名。"), count=len(people), name=line)
            )
        else:
            errors.setdefault(field, []).append(
                sentence(N_("没有找到“%(name)s”。本单位的人填姓名，外单位的人填用户名。"), name=line)
            )
    return found


def _named(session: Session, organization: Organization, text: str) -> list[int]:
    name, _space, username = text.rpartition(" ")
    anywhere = select(Person.id).where(Person.username == normalized(username), Person.is_active)
    if name:
        return list(session.scalars(anywhere.where(Person.name == name.strip())))
    here = select(Position.person_id).where(Position.organization_id == organization.id, not_ended())
    own = select(Person.id).where(Person.name == text, Person.id.in_(here))
    return list(session.scalars(anywhere)) or list(session.scalars(own))


def _staff(session: Session, actor: Actor, studio: Studio, roster: Roster, from_on: date) -> None:
    """End the posts that are not wanted any more and add those that are new, until the term ends."""
    wanted = _posts(roster)
    for post in posts_of(session, studio.id):
        key = (post.person_id, Role(post.role))
        if key in wanted:
            wanted.remove(key)
            post.until_on = studio.until_on
        else:
            _refuse_oneself(actor, post.person_id)
            finish(session, post, None)
    for person_id, role in sorted(wanted):
        _refuse_oneself(actor, person_id)
        term = Term(from_on, max(studio.until_on, from_on))
        place_person(session, person_id, studio.organization, role, term, studio.id)


def _posts(roster: Roster) -> set[tuple[int, Role]]:
    posts = {(roster.host_id, Role.STUDIO_HOST)} | {(person, Role.STUDIO_MEMBER) for person in roster.member_ids}
    return posts | ({(roster.mentor_id, Role.STUDIO_MENTOR)} if roster.mentor_id is not None else set())


def _refuse_oneself(actor: Actor, person_id: int) -> None:
    if person_id == actor.person_id:
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


def lines_of(posts: Sequence[Position], role: Role) -> str:
    """Return those in a post as the form wants them: name and username, one a line."""
    return "\n".join(f"{post.person.name} {post.person.username}" for post in posts if post.role == role)
