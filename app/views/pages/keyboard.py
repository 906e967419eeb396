"""The keys that act, and switching them off."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.text import N_
from app.services.accounts.sign_in import set_shortcuts
from app.views.database import get_session
from app.views.session import current_actor

blueprint = Blueprint("keyboard", __name__, url_prefix="/keyboard")
# Where they act, and what each does.
KEYS = (
    (
        N_("在列表里"),
        (
            (("j",), N_("下一件")),
            (("k",), N_("上一件")),
            (("↓", "↑"), N_("已经在列表里时，下一件、上一件")),
            ((N_("回车"),), N_("打开这一件")),
            (("/",), N_("搜索")),
        ),
    ),
    (
        N_("在一件待办里"),
        (
            (("v",), N_("到“同意”等按钮")),
            (("c",), N_("到“意见”")),
        ),
    ),
    (
        N_("到处都能用"),
        (
            (("g", "i"), N_("先按 g 再按 i：待办")),
            (("g", "s"), N_("先按 g 再按 s：发起")),
            (("g", "m"), N_("先按 g 再按 m：我的")),
            (("?",), N_("这一页")),
        ),
    ),
)


@blueprint.get("")
def show() -> str:
    """List the keys."""
    groups = [(_(title), [([_(key) for key in keys], _(words)) for keys, words in listed]) for title, listed in KEYS]
    return render_template("keyboard/show.html", groups=groups)


@blueprint.post("")
def switch() -> Response:
    """Switch single keys on or off."""
    has_shortcuts = request.form.get("shortcuts") == "on"
    set_shortcuts(get_session(), current_actor(), has_shortcuts=has_shortcuts)
    flash(_("快捷键已打开。") if has_shortcuts else _("快捷键已关掉。"))
    return redirect(url_for("keyboard.show"))
