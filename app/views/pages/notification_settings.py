"""How a person wants to be told beside the inbox."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.domain.notification_kinds import KIND_TITLES
from app.services.telling import notification_settings as settings
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.session import current_actor

blueprint = Blueprint("notification_settings", __name__)
Answer = Response | tuple[str, int]
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")


@blueprint.get("/profile/notifications")
def show() -> str:
    """Show the address, the kinds and the quiet hours; the link in a mail brings its code along."""
    return _page({})


@blueprint.post("/profile/notifications")
def save() -> Answer:
    """Keep the kinds and the quiet hours."""
    kinds = request.form.getlist("kinds")
    try:
        settings.save(get_session(), current_actor(), kinds, _minute("quiet_from"), _minute("quiet_until"))
    except Invalid as error:
        return _page(said_errors(error)), status_of(error)
    flash(_("已保存。"))
    return redirect(url_for("notification_settings.show"))


@blueprint.post("/profile/notifications/address")
def change_address() -> Answer:
    """Send a code to a new address, or drop the present one."""
    session, actor, address = get_session(), current_actor(), request.form.get("email", "")
    if "_forget" in request.form:
        settings.forget_address(session, actor)
        flash(_("以后不再发邮件，站内的通知照旧。"))
        return redirect(url_for("notification_settings.show"))
    try:
        settings.ask_to_confirm(session, actor, address)
    except Invalid as error:
        return _page(said_errors(error)), status_of(error)
    flash(_("确认码已发往 %(address)s，一两分钟内会到。", address=address.strip()))
    return redirect(url_for("notification_settings.show"))


@blueprint.post("/profile/notifications/confirm")
def confirm() -> Answer:
    """Take the address once its code comes back."""
    try:
        settings.confirm(get_session(), current_actor(), request.form.get("code", ""))
    except Invalid as error:
        return _page(said_errors(error)), status_of(error)
    flash(_("邮箱已确认。"))
    return redirect(url_for("notification_settings.show"))


def _page(errors: dict[str, list[str]]) -> str:
    setting = settings.setting_of(get_session(), current_actor())
    typed = request.form if errors else {}
    return render_template(
        "profile/notifications.html",
        email=setting.email,
        new_email=setting.new_email,
        typed_email=typed.get("email", ""),
        code=request.values.get("code", ""),
        kinds=[(kind.value, _(title)) for kind, title in KIND_TITLES.items()],
        chosen=request.form.getlist("kinds") if "quiet_from" in typed else setting.mail_kinds,
        quiet_from=typed.get("quiet_from", _time(setting.quiet_from)),
        quiet_until=typed.get("quiet_until", _time(setting.quiet_until)),
        errors=errors,
    )


def _minute(name: str) -> int | None:
    """Read a time of day; one that cannot be is a minute that no day has."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    found = _TIME.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1  # noqa: PLR2004 - minutes


def _time(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
