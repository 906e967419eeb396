"""Materials on paper of an application: receipts for them."""

from flask import Response

from app.services.rounds.receipts import hand_out
from app.views.api.answering import OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Path
from app.views.api.histories import instance_of
from app.views.api.idempotency import once
from app.views.api.models import Instance
from app.views.database import get_session
from app.views.session import current_actor

family = Family("materials", "申报材料")


class MaterialPath(Path):
    material: int


@family.post_once(
    "/instances/<int:id>/materials/<int:material>/receive", summary="收到一份纸质材料，开收据", responses={OK: Instance}
)
def receive(path: MaterialPath) -> Response:
    """Note that a paper was handed in, and hand out a receipt number."""
    session, actor = get_session(), current_actor()
    once(lambda key: hand_out(session, actor, known(path.id), known(path.material), key))
    return answer(instance_of(session, actor, path.id))
