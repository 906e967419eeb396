"""Proof that a notice hangs on a board: photographs, which all who may read the notice may see."""

from sqlalchemy.orm import Session

from app.db.notices import NoticeProof
from app.db.work import Attachment
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.identity import Actor
from app.domain.notices import NoticeStatus
from app.domain.text import N_, visible
from app.services.journal import record_organization
from app.services.notices.changes import keeps
from app.services.notices.scope import locked, notice_for
from app.services.transactions import writing

LONGEST_BOARD = 60
MOST_PROOFS = 20
PHOTOGRAPHS = frozenset({"image/jpeg", "image/png", "image/webp"})


def add_proof(session: Session, actor: Actor, notice_id: int, attachment_id: str, board: str) -> NoticeProof:
    """Keep a photograph of a board with what hangs there; the same photograph is kept once.

    Raises NotFound, Forbidden, Conflict before it is posted, and Invalid by field.
    """
    with writing(session):
        notice_for(session, actor, notice_id)
        notice = locked(session, notice_id)
        if not keeps(actor, notice):
            raise Forbidden(N_("张贴证明由拟稿的办公室来交。"))
        if notice.status not in {NoticeStatus.POSTED, NoticeStatus.ENDED}:
            raise Conflict(N_("公示张贴以后才能交张贴证明。"))
        kept = next((one for one in notice.proofs if one.attachment_id == attachment_id), None)
        if kept is not None:
            return kept
        photograph = _photograph(session, actor, attachment_id, len(notice.proofs))
        photograph.instance_id, photograph.organization_id = notice.instance_id, notice.organization_id
        proof = NoticeProof(
            attachment_id=photograph.id,
            board=_checked(board),
            content_hash=notice.content_hash,
            taken_by_id=actor.person_id,
        )
        notice.proofs.append(proof)
        session.flush()
        details = {"notice": notice.id, "attachment": photograph.id, "sha256": photograph.sha256}
        record_organization(session, notice.organization_id, actor, "prove_notice", details)
    return proof


def _photograph(session: Session, actor: Actor, attachment_id: str, held: int) -> Attachment:
    """Return an own picture that is of no case yet."""
    found = session.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
    if found is None or found.uploaded_by_id != actor.person_id or found.instance_id is not None:
        raise Invalid.field("attachment", N_("请上传一张照片。"))
    if found.media_type not in PHOTOGRAPHS:
        raise Invalid.field("attachment", N_("张贴证明要是照片（JPG、PNG、WEBP）。"))
    if held >= MOST_PROOFS:
        raise Invalid.field("attachment", N_("最多 %(most)d 张照片。"), most=MOST_PROOFS)
    return found


def _checked(board: str) -> str:
    text = visible(board).strip()
    if not 0 < len(text) <= LONGEST_BOARD:
        raise Invalid.field("board", N_("请写明贴在哪里，例如“校门公示栏”，最多 %(most)d 个字。"), most=LONGEST_BOARD)
    return text
