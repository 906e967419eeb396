"""Signatures of operations on teachers' files, posts and studios."""

from types import MappingProxyType

from app.domain.facts import FACTS, Fact, FactType
from app.domain.text import N_
from app.engine.signatures.signature import CHECKS, ROSTER, Signature
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, Type, choice, row_of


def _fact_type(fact: Fact) -> Type:
    return choice(tuple(fact.options)) if fact.options else _FACT_TYPES[fact.type]


_FACT_TYPES = {FactType.NUMBER: NUMBER, FactType.TEXT: TEXT, FactType.DATE: DATE, FactType.BOOLEAN: BOOLEAN}

_RECORDED = MappingProxyType({"entry": NUMBER, "recorded_on": DATE})

SIGNATURES = (
    Signature("check_entry", N_("核对登记"), results={"title": TEXT, "line": TEXT, "checks": CHECKS}),
    Signature("record_entry", N_("记入档案"), results=_RECORDED),
    Signature("check_sanction", N_("核对处分"), results={"title": TEXT, "line": TEXT, "checks": CHECKS}),
    Signature("record_sanction", N_("记入处分"), results=_RECORDED),
    Signature(
        "read_facts",
        N_("读取档案"),
        params={"person": NUMBER, "as_of": DATE, "sanctions": BOOLEAN},
        results={
            **{name: _fact_type(fact) for name, fact in FACTS.items()},
            "person": NUMBER,
            "as_of": DATE,
            "evidence": row_of(),
        },
        rules=("rank", "sanction", "tenure"),
        optional=frozenset({"person", "as_of", "sanctions"}),
    ),
    Signature(
        "check_studio_change",
        N_("核对工作室变动"),
        results={
            "studio_name": TEXT,
            "level": TEXT,
            "summary": TEXT,
            "effective_on": DATE,
            "people": ANY,
            "checks": CHECKS,
        },
        rules=ROSTER,
    ),
    Signature(
        "check_post_change",
        N_("核对任职交接"),
        results={
            "summary": TEXT,
            "successor_name": TEXT,
            "effective_on": DATE,
            "is_head": BOOLEAN,
            "people": ANY,
            "checks": CHECKS,
        },
    ),
    Signature(
        "check_recruitment",
        N_("核对成员"),
        results={"person": NUMBER, "member_name": TEXT, "school": TEXT, "principal": NUMBER, "checks": CHECKS},
        rules=ROSTER,
    ),
    Signature("join_studio", N_("加入工作室"), results={"joined_on": DATE}, rules=ROSTER),
    Signature("change_posts", N_("变动任职"), results={"effective_on": DATE}),
    Signature("change_studio_posts", N_("变动工作室任职"), results={"effective_on": DATE}, rules=ROSTER),
)
