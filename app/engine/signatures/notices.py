"""Signatures of operations on public notices and objections."""

from types import MappingProxyType

from app.domain.text import N_
from app.engine.signatures.signature import Signature
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, choice, list_of, row_of

_PEOPLE = MappingProxyType({"remaining": list_of(NUMBER), "left": list_of(NUMBER)})

SIGNATURES = (
    Signature(
        "open_objection",
        N_("受理异议"),
        results={
            "objection": NUMBER,
            "notice": NUMBER,
            "notice_title": TEXT,
            "person": NUMBER,
            "person_name": TEXT,
            "handler": ANY,
            "outsider": NUMBER,
            "is_against_group": BOOLEAN,
            "reply_by": DATE,
        },
        rules=("objection",),
    ),
    Signature("keep_handler", N_("记下核查人"), results={"handler": NUMBER}),
    Signature(
        "find_deciders",
        N_("确定由谁决定"),
        params={"is_against_group": BOOLEAN},
        results={"is_enough": BOOLEAN},
        rules=("objection",),
        optional=frozenset({"is_against_group"}),
    ),
    Signature(
        "settle_objection",
        N_("了结异议"),
        params={"is_upheld": BOOLEAN, "reply": TEXT},
        results={"settled_on": DATE},
    ),
    Signature("close_objection", N_("撤销异议")),
    Signature(
        "draft_notice",
        N_("起草公示"),
        params={
            "title": TEXT,
            "intro": TEXT,
            "persons": list_of(row_of({"id": NUMBER, "name": TEXT, "line": TEXT})),
            "working_days": NUMBER,
            "subject": TEXT,
        },
        results={"notice": NUMBER, "title": TEXT, "office": choice(("school", "bureau"))},
    ),
    Signature(
        "post_notice",
        N_("张贴公示"),
        params={"notice": NUMBER},
        results={"restarted": list_of(NUMBER), "until_on": DATE},
    ),
    Signature(
        "read_notice",
        N_("核对公示"),
        params={"notice": NUMBER},
        results={"state": choice(("up", "changing", "over", "emptied")), "until_on": DATE, **_PEOPLE},
    ),
    Signature(
        "close_notice",
        N_("结束公示"),
        params={"notice": NUMBER},
        results={"verdict": choice(("ended", "emptied")), "notice": NUMBER, **_PEOPLE},
    ),
    Signature("take_down_notices", N_("撤下公示")),
)
