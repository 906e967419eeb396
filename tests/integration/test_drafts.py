"""Drafts: saved while one types, found again on another device, and nothing overwritten unseen."""

import pytest

from app.services.filling import drafts
from app.services.filling.drafts import DraftMoved, Typed
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
SUBJECT = "start/expense_approval/3"


def test_what_two_devices_type_is_never_lost_unseen(school: School) -> None:
    session, host = school.session, school.actor("host")
    desk = drafts.keep(session, host, SUBJECT, Typed({"payee": "青禾"}, seen=drafts.NONE_YET))
    assert desk.revision == 1
    with pytest.raises(DraftMoved) as error:
        drafts.keep(session, host, SUBJECT, Typed({"payee": "别的"}, seen=drafts.NONE_YET))
    assert error.value.revision == 1
    drafts.keep(session, host, SUBJECT, Typed({"payee": "别的"}, seen=1))
    with pytest.raises(DraftMoved):
        drafts.keep(session, host, SUBJECT, Typed({"payee": "青禾"}, seen=1))
    found = drafts.draft_of(session, host, SUBJECT)
    assert found is not None
    assert (found.values, found.revision) == ({"payee": "别的"}, 2)
    drafts.discard(session, host, SUBJECT)
    with pytest.raises(DraftMoved) as error:
        drafts.keep(session, host, SUBJECT, Typed({"payee": "青禾"}, seen=2))
    assert error.value.revision == drafts.NONE_YET
    assert drafts.draft_of(session, school.actor("teacher"), SUBJECT) is None


def test_a_remark_and_a_form_are_kept_apart(school: School) -> None:
    session, host = school.session, school.actor("host")
    drafts.keep(session, host, SUBJECT, Typed({"payee": "青禾"}))
    kept = drafts.keep(session, host, SUBJECT, Typed(None, "请核对"))
    assert (kept.values, kept.comment) == ({"payee": "青禾"}, "请核对")
    kept = drafts.keep(session, host, SUBJECT, Typed({"payee": "青禾印务"}))
    assert (kept.values, kept.comment) == ({"payee": "青禾印务"}, "请核对")
