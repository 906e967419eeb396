"""What an objection must be before it is taken: in time, to a name that stands there, in words, by who may."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.notices import Notice, NoticeName
from app.db.work import Attachment
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.identity import Actor
from app.domain.notices import NoticeStatus
from app.domain.objections import IDENTITY, LONGEST_REASON, Identity
from app.domain.text import N_, visible
from app.services.notices.names import is_open_to_objections
from app.services.objections import evidence
from app.services.texts import full_day


@dataclass(frozen=True)
class Typed:
    """An objection as it was typed."""

    person_id: int
    reason: str
    attachments: Sequence[str] = ()
    is_against_group: bool = False
    is_anonymous: bool = False

    @property
    def words(self) -> str:
        """Return the reason as it is kept."""
        return visible(self.reason.replace("\r\n", "\n")).strip()


def may_object(actor: Actor, notice: Notice) -> bool:
    """Tell whether a person works where a notice is read, or below."""
    return any(held.organization_path.startswith(notice.audience.path) for held in actor.holdings)


def open_names(actor: Actor, notice: Notice) -> list[NoticeName]:
    """Return the names on a notice that a person may object to now."""
    others = (one for one in notice.names if one.person_id != actor.person_id)
    return [one for one in others if is_open_to_objections(one)]


def identity_of(notice: Notice) -> Identity:
    """Return how far it may be known who objects, by the rules that the case of the notice is pinned to."""
    rule = notice.instance.rules.get(IDENTITY)
    return Identity(rule["value"]) if rule else Identity.CONFIDENTIAL


def require(session: Session, actor: Actor, notice: Notice, typed: Typed) -> list[Attachment]:
    """Return the files of an objection that may be raised now. Raises Forbidden, Conflict where it is too late, Invalid."""
    if not may_object(actor, notice):
        raise Forbidden(N_("异议由公示范围内的教师提出。"))
    _require_name(notice, typed.person_id)
    if typed.person_id == actor.person_id:
        raise Invalid.field("person", N_("不能对自己提出异议；不想入选，请在聘任时谢绝。"))
    if not 0 < len(typed.words) <= LONGEST_REASON:
        raise Invalid.field("reason", N_("请写明事实，最多 %(most)d 个字。"), most=LONGEST_REASON)
    if typed.is_anonymous and identity_of(notice) != Identity.ANONYMOUS:
        raise Invalid.field("anonymous", N_("这次公示的规则要求实名，姓名保密；不能匿名。"))
    return evidence.uploads(session, actor, typed.attachments)


def _require_name(notice: Notice, person_id: int) -> NoticeName:
    found = next((one for one in notice.names if one.person_id == person_id and one.left_at is None), None)
    if found is None:
        raise Invalid.field("person", N_("请选公示名单里的一位。"))
    if notice.status == NoticeStatus.TAKEN_DOWN:
        raise Conflict(N_("这份公示已经撤下，不再受理异议；重新公示以后可以再提。"))
    if not is_open_to_objections(found):
        message = N_("公示已于%(day)s期满，逾期不再受理异议。")
        raise Conflict(message, day=full_day(found.until_on))
    return found
