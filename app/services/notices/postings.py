"""Posting a notice, first or after a change: another person than who prepared it releases it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.notices import Notice, NoticeName
from app.db.people import Position
from app.domain import clock
from app.domain.errors import Forbidden
from app.domain.notices import Content, NoticeStatus, concerned, period
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind
from app.services import outbox
from app.services.accounts.actors import holds_today
from app.services.notices.drafts import drafted
from app.services.notices.names import posted_content
from app.services.notices.writers import writers
from app.services.texts import full_day
from app.services.timing import calendars


def post(session: Session, notice: Notice, prepared_by_id: int, released_by_id: int) -> list[int]:
    """Post what was prepared, in the open transaction; return whose period begins today.

    Raises Forbidden where one person prepared, or wrote some of it, and releases it.
    """
    if released_by_id in {prepared_by_id, *writers(notice)}:
        raise Forbidden(N_("公示由一个人拟稿、另一个人发布。稿子您写过，请把这件待办转办给另一位同事来发布。"))
    content, before = drafted(notice), posted_content(notice)
    is_first = notice.status == NoticeStatus.DRAFTED
    begins = {one.person_id for one in content.lines} if is_first else set(concerned(before, content))
    _write(notice, content, begins)
    notice.prepared_by_id, notice.released_by_id = prepared_by_id, released_by_id
    notice.posted_at = notice.posted_at or clock.now()
    notice.changed_at = None if is_first else clock.now()
    notice.revision += 1
    session.flush()
    _tell(session, notice, begins, is_first=is_first)
    return sorted(begins)


def _write(notice: Notice, content: Content, begins: set[int]) -> None:
    notice.status, notice.draft, notice.content_hash = NoticeStatus.POSTED, content.as_data(), content.content_hash
    notice.title, notice.intro, notice.signed_by = content.title, content.intro, content.signed_by
    stands = period(clock.today(), notice.working_days, calendars.national())
    held = {name.person_id: name for name in notice.names}
    for person_id in held.keys() - {line.person_id for line in content.lines}:
        held[person_id].left_at = held[person_id].left_at or clock.now()
    for place, line in enumerate(content.lines, start=1):
        name = held.get(line.person_id)
        if name is None:
            name = NoticeName(person_id=line.person_id, from_on=stands.from_on, until_on=stands.until_on)
            notice.names.append(name)
        name.place, name.name, name.line = place, line.name, line.line
        if line.person_id in begins:
            name.from_on, name.until_on, name.is_provisional = stands.from_on, stands.until_on, stands.is_provisional


def _tell(session: Session, notice: Notice, begins: set[int], *, is_first: bool) -> None:
    """Tell the people named whose time begins, and at first everybody of a school."""
    until = full_day(period(clock.today(), notice.working_days, calendars.national()).until_on)
    named = N_("您的姓名在公示“%(title)s”里，公示到%(until)s。") % {"title": notice.title, "until": until}
    _put(session, notice, sorted(begins), named)
    if is_first and notice.organization.kind == OrganizationKind.SCHOOL:
        text = N_("公示“%(title)s”，到%(until)s，请看。") % {"title": notice.title, "until": until}
        _put(session, notice, sorted(_staff(session, notice.organization_id) - begins), text)


def _put(session: Session, notice: Notice, people: list[int], text: str) -> None:
    if people:
        about = {"instance": None, "kind": NotificationKind.RESULT, "link": f"/notices/{notice.id}"}
        outbox.put(session, "notify", {**about, "people": people, "text": text})


def _staff(session: Session, organization_id: int) -> set[int]:
    query = select(Position.person_id).where(Position.organization_id == organization_id, holds_today())
    return set(session.scalars(query))
