"""How to object to a name on a notice, as the rules say that were in force when its case began."""

from flask_babel import gettext as _

from app.db.notices import Notice
from app.domain.objections import HANDLER, IDENTITY, Identity
from app.domain.vocabulary import ROLE_TITLES, OrganizationKind, Role


def handler_words(notice: Notice) -> str:
    """Return to whom one objects: the office that the rules name, in a bureau the bureau itself."""
    pinned = notice.instance.rules.get(HANDLER)
    if pinned is None or notice.organization.kind != OrganizationKind.SCHOOL:
        return notice.organization.name
    return _(ROLE_TITLES[Role(pinned["value"])])


def closing_words(notice: Notice) -> str:
    """Return the sentence at the foot of a notice: to whom, by when, under which name."""
    handler = handler_words(notice)
    pinned = notice.instance.rules.get(IDENTITY) or {"value": Identity.CONFIDENTIAL}
    if pinned["value"] == Identity.ANONYMOUS:
        return _("对公示人员有异议的，请在公示期内向%(handler)s提出，逾期不再受理。", handler=handler)
    named = _("对公示人员有异议的，请在公示期内以实名向%(handler)s提出，逾期不再受理。", handler=handler)
    if pinned["value"] == Identity.NAMED:
        return named
    return named + _("姓名由%(handler)s保密。", handler=handler)
