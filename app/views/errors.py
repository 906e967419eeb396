"""Every error becomes a page in the platform's own style, or a problem document on the API."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as WerkzeugResponse

from app.domain import errors
from app.domain.text import N_, Sentence
from app.services.publishing.judgements import Unfit
from app.views.session import API

logger = logging.getLogger(__name__)

STATUSES: dict[type[errors.ShenpiError], int] = {
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.Throttled: 429,
    Unfit: 422,
}
TITLES = {
    400: N_("这个请求看不懂"),
    401: N_("请先登录"),
    403: N_("不能办理"),
    404: N_("没有找到"),
    405: N_("不能这样打开"),
    409: N_("现在不能这样办"),
    413: N_("文件太大"),
    415: N_("格式不对"),
    422: N_("有内容需要改"),
    429: N_("请稍后再试"),
    500: N_("出了问题"),
    503: N_("暂时用不了"),
    507: N_("放不下了"),
}
SENTENCES = {
    404: errors.NotFound.message,
    405: N_("这个地址不能直接打开，请从待办或首页进入。"),
    413: N_("提交的内容太大。请压缩图片，或分几次上传。"),
    500: N_("没有办成，已经记录下来。请稍后再试；还不行，请告诉本单位的流程管理员。"),
}
FALLBACK = N_("没有办成，请返回上一页再试。")
UNREADABLE = N_("发来的内容读不懂，请核对 JSON 的写法。")
SECRET_FIELDS = ("csrf_token", "password", "passphrase", "code")


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(errors.ShenpiError, _refused)
    app.register_error_handler(HTTPException, _http)


def status_of(error: errors.ShenpiError) -> int:
    """Return the HTTP status that fits an error."""
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 500)


def said(words: Sentence) -> str:
    """Translate a sentence that was raised below the views."""
    return str(_(words.message, **words.params))


def said_errors(error: errors.Invalid) -> dict[str, list[str]]:
    """Translate the errors of fields, for the macros of a form."""
    return {path: [said(words) for words in found] for path, found in error.errors.items()}


def problem(status: int, detail: str, extra: dict[str, Any]) -> Response:
    """Answer with a problem document (RFC 9457)."""
    title = _(TITLES.get(status, TITLES[500]))
    answer = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail} | extra)
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer


def answer_error(status: int, detail: str, extra: dict[str, Any]) -> Response:
    """Answer with a problem document on the API, with a page elsewhere."""
    if _is_api():
        return problem(status, detail, extra)
    words = " ".join([detail, *(text for found in extra.get("errors", {}).values() for text in found)])
    title = _(TITLES.get(status, TITLES[500]))
    return Response(render_template("errors/error.html", title=title, sentence=words, retry_url=None), status)


def _refused(error: errors.ShenpiError) -> Response:
    status = status_of(error)
    if isinstance(error, errors.Unauthenticated) and request.method == "POST" and not _is_api():
        return _kept_page(status)
    answer = answer_error(status, said(error.sentence), _extra(error))
    if isinstance(error, errors.Throttled):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    if status == 401 and _is_api():  # noqa: PLR2004 - an HTTP status is its own name
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - a redirect is no error
        return error
    if isinstance(error, InternalServerError):
        logger.error("unhandled error at %s", request.path, exc_info=error.original_exception)
    words = UNREADABLE if status == 400 and _is_api() else SENTENCES.get(status, FALLBACK)  # noqa: PLR2004 - as above
    answer = answer_error(status, _(words), {})
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(allowed)
    return answer


def _forged(error: CSRFError) -> WerkzeugResponse:
    del error
    if _is_api():
        return problem(403, _("请求缺少防伪造令牌。"), {})
    if request.blueprint == "sign_in":  # nothing was typed that could be lost
        flash(_("这一页打开得太久，请再登录一次。"), "warn")
        return redirect(url_for("sign_in.show"))
    return _kept_page(400)


def _kept_page(status: int) -> Response:
    """Show what was typed once more: to be sent again, after a sign-in where that ended."""
    kept = _typed() if _is_same_origin() else []
    page = render_template(
        "sign_in/expired.html",
        title=_("请重新提交"),
        kept=kept,
        url=request.path,
        is_signed_out=g.get("actor") is None and "person" not in session,
    )
    return Response(page, status)


def _typed() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(secret in name for secret in SECRET_FIELDS)
    ]


def _is_same_origin() -> bool:
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.host


def _extra(error: errors.ShenpiError) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if isinstance(error, Unfit):
        extra["problems"] = [
            {"file": one.file, "element": one.element, "rule": one.rule, "text": said(one.sentence)}
            for one in error.problems
        ]
    if isinstance(error, errors.Invalid):
        extra["errors"] = said_errors(error)
    if isinstance(error, errors.Refused):
        if error.parameter is not None:
            extra["parameter"] = error.parameter
        if error.clause is not None:
            extra["clause"] = {"document": error.clause.document, "phrase": error.clause.phrase}
    return extra


def _is_api() -> bool:
    return request.path.startswith(API)
