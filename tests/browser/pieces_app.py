"""Pages made of nothing but the pieces, served under the product's policy: what the browser tests look at."""

from pathlib import Path

from flask import Flask, Response, render_template, request
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemLoader

from app.views.assets import init_assets

HERE = Path(__file__).parent
VIEWS = HERE.parent.parent / "app" / "views"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NAV = [
    {"url": "#", "icon": "inbox", "label": "待办", "count": 13, "is_current": True},
    {"url": "#", "icon": "plus", "label": "发起"},
    {"url": "#", "icon": "file", "label": "台账"},
    {"url": "#", "icon": "book", "label": "规则"},
    {"url": "#", "icon": "user", "label": "我的"},
]
ME = {"organization": "云澜市临溪区松风路小学", "position": "校长、法定代表人", "name": "陈国栋", "url": "#"}
ROWS = [{"name": "讲课费", "amount": "2,000.00"}, {"name": "资料", "amount": "12o"}]


def _rows() -> list[dict[str, str]]:
    if request.method == "GET":
        return ROWS
    count = sum(name.startswith("items.") and name.endswith(".name") for name in request.form)
    rows = [{field: request.form[f"items.{i}.{field}"] for field in ("name", "amount")} for i in range(count)]
    if request.form.get("_add") == "items":
        rows.append({"name": "", "amount": ""})
    if removed := request.form.get("_remove"):
        del rows[int(removed.removeprefix("items."))]
    return rows


def _diagram() -> dict[str, object]:
    xml = (HERE.parent.parent / "processes" / "expense_approval" / "expense_approval.bpmn").read_text("utf-8")
    words = {"done": "已办", "now": "现在"}
    return {"xml": xml, "done": ["submit_draft"], "now": ["legal_sign"], "words": words}


def create_pieces_app() -> Flask:
    app = Flask(__name__, static_folder=str(VIEWS / "static"), static_url_path="/static")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "pieces"), FileSystemLoader(VIEWS / "templates")])
    app.secret_key = "pieces"
    Babel(app, default_locale="zh_CN")
    init_assets(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.route("/<page>", methods=["GET", "POST"])
    def show(page: str) -> str:
        diagram = _diagram() if page == "diagram" else None
        return render_template(f"{page}.html", nav=NAV, me=ME, rows=_rows(), diagram=diagram)

    @app.get("/error")
    def error() -> str:
        sentence = "您不能看这件事。需要的话请找政教处。"
        return render_template("errors/error.html", title="看不了", sentence=sentence, retry_url=None)

    return app
