"""The list that a round puts up for public notice: who is meant, in which words, and who has stood long enough."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.notices import Notice, NoticeName
from app.db.rounds import Application, Round
from app.domain.notices import NoticeStatus
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.text import N_, sentence

HOST_LINE = N_("工作室主持人")
MENTORED_LINE = N_("工作室主持人，导师：%(mentor)s")
MEMBER_LINE = N_("%(name)s工作室成员")
TITLE = N_("关于“%(round)s”拟聘人员的公示")
INTRO = N_("经个人申报、评议和研究，拟聘下列人员，聘期为%(from_on)s至%(until_on)s，现予公示。")
FIRST = {ApplicationKind.HOST: 0, ApplicationKind.MEMBER: 1}


def chosen(session: Session, round_: Round) -> list[Application]:
    """Return the applications of those whom a round means to appoint: hosts in their order, then members."""
    query = select(Application).where(Application.round_id == round_.id, Application.result == ApplicationResult.CHOSEN)
    around = (
        Application.person,
        Application.organization,
        Application.studio_host,
        Application.mentor,
        Application.instance,
    )
    found = session.scalars(query.options(*map(joinedload, around)).execution_options(populate_existing=True))
    return sorted(found, key=lambda one: (FIRST[one.kind], one.place or 0, one.id))


def line_of(application: Application) -> str:
    """Return what stands behind a name on the notice."""
    if application.studio_host is None:
        mentor = application.mentor
        words = sentence(MENTORED_LINE, mentor=mentor.name).chinese() if mentor is not None else HOST_LINE
        return f"{application.organization.name} · {words}"
    of_studio = sentence(MEMBER_LINE, name=application.studio_host.name).chinese()
    return f"{application.organization.name} · {of_studio}"


def stood(session: Session, round_: Round, working_days: int = 0) -> Mapping[int, Collection[str]]:
    """Return who stood on notices of a round to their end, for so many working days at least, and in which words."""
    query = (
        select(NoticeName.person_id, NoticeName.line)
        .join(Notice, Notice.id == NoticeName.notice_id)
        .where(
            Notice.subject == str(round_.id),
            Notice.organization_id == round_.organization_id,
            Notice.status == NoticeStatus.ENDED,
            Notice.working_days >= working_days,
            NoticeName.left_at.is_(None),
        )
    )
    found: dict[int, set[str]] = {}
    for person_id, line in session.execute(query):
        found.setdefault(person_id, set()).add(line)
    return found


def to_post(session: Session, round_: Round) -> Sequence[Application]:
    """Return who has still to stand on a notice: who is new, or came into another studio since."""
    known = stood(session, round_)
    return [one for one in chosen(session, round_) if not has_stood(one, known)]


def has_stood(application: Application, known: Mapping[int, Collection[str]]) -> bool:
    """Tell whether somebody stood on a notice for the post that is meant now."""
    host = application.studio_host
    lines = known.get(application.person_id, ())
    return any(host is None or host.name in line for line in lines)
