"""The closed registry of operations that a service task may name: their signatures, not their deeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.facts import FACTS, Fact, FactType
from app.domain.filings import BatchState, Channel, Next
from app.domain.rounds import FewerChoice, Order, RoundDate
from app.domain.text import N_
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, Type, choice, list_of, row_of

_CHECKS = list_of(row_of({"text": TEXT, "is_ok": BOOLEAN, "parameter": TEXT}))
_FLAGS = list_of(row_of())


@dataclass(frozen=True)
class Signature:
    """What an operation is called, which parameters it takes and which fields its result has, each with its type.

    `optional` are the parameters that may be left out. `rules` are the groups of rules by which it judges: a case
    that runs it must be pinned to them.
    """

    name: str
    title: str
    params: Mapping[str, Type] = field(default_factory=dict)
    results: Mapping[str, Type] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()


def _fact_type(fact: Fact) -> Type:
    return choice(tuple(fact.options)) if fact.options else _FACT_TYPES[fact.type]


_FACT_TYPES = {FactType.NUMBER: NUMBER, FactType.TEXT: TEXT, FactType.DATE: DATE, FactType.BOOLEAN: BOOLEAN}
_MONEY = ("expense", "funding", "budget")
_ROSTER = ("roster",)
_SELECTION = ("selection",)
_CANDIDATES = list_of(row_of({"id": ANY, "name": TEXT, "hint": TEXT}))
_BOOKED = MappingProxyType({"entry": NUMBER, "voucher": TEXT, "booked_on": DATE})
_RECORDED = MappingProxyType({"entry": NUMBER, "recorded_on": DATE})
_PEOPLE = MappingProxyType({"remaining": list_of(NUMBER), "left": list_of(NUMBER)})
_OF_RANK = ("rank",)
_OF_REVIEW = MappingProxyType({"review": NUMBER})
_OF_ROUND = MappingProxyType({"round": NUMBER})
_RANK = ("rank", "filing")
_OF_RUN = MappingProxyType({"run": NUMBER})
_OF_BATCH = MappingProxyType({"batch": NUMBER})
_AUDITED = MappingProxyType({"accepted": NUMBER, "returned": NUMBER, "refused": NUMBER})
_SIGNATURES = (
    Signature(
        "check_expense",
        N_("核对报销"),
        results={"amount": NUMBER, "year": NUMBER, "checks": _CHECKS, "flags": _FLAGS},
        rules=_MONEY,
    ),
    Signature("reserve_funds", N_("占用预算"), results={"reserved": NUMBER, "budget_line": ANY}, rules=_MONEY),
    Signature("release_funds", N_("退还占用")),
    Signature("void_signatures", N_("作废签字")),
    Signature("book_expense", N_("记入台账"), results=_BOOKED, rules=_MONEY),
    Signature(
        "check_budget",
        N_("核对预算"),
        results={"amount": NUMBER, "year": NUMBER, "studio_name": TEXT, "checks": _CHECKS, "flags": _FLAGS},
        rules=_MONEY,
    ),
    Signature("confirm_budget", N_("确认预算"), results={"budget": NUMBER, "confirmed_on": DATE}, rules=_MONEY),
    Signature(
        "check_reversal",
        N_("核对冲销"),
        results={"amount": NUMBER, "available": NUMBER, "kind_name": TEXT, "summary": TEXT, "checks": _CHECKS},
        rules=_MONEY,
    ),
    Signature("check_entry", N_("核对登记"), results={"title": TEXT, "line": TEXT, "checks": _CHECKS}),
    Signature("record_entry", N_("记入档案"), results=_RECORDED),
    Signature("check_sanction", N_("核对处分"), results={"title": TEXT, "line": TEXT, "checks": _CHECKS}),
    Signature("record_sanction", N_("记入处分"), results=_RECORDED),
    Signature("book_reversal", N_("记入冲销"), results=_BOOKED, rules=_MONEY),
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
            "checks": _CHECKS,
        },
        rules=_ROSTER,
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
            "checks": _CHECKS,
        },
    ),
    Signature(
        "open_round",
        N_("开启批次"),
        results={"round": NUMBER, "title": TEXT, "apply_from": DATE, "apply_until": DATE, "checks": _CHECKS},
    ),
    Signature(
        "read_round_dates",
        N_("读取批次日程"),
        params=_OF_ROUND,
        results={**{name.value: DATE for name in RoundDate}, "is_over": BOOLEAN},
    ),
    Signature(
        "count_applications",
        N_("清点申报"),
        params=_OF_ROUND,
        results={
            "hosts": NUMBER,
            "members": NUMBER,
            "pending": NUMBER,
            "seats": NUMBER,
            "is_short": BOOLEAN,
            "checks": _CHECKS,
        },
    ),
    Signature(
        "settle_few_applications",
        N_("申报不足的处理"),
        params={**_OF_ROUND, "choice": TEXT},
        results={"next": choice(tuple(FewerChoice))},
    ),
    Signature(
        "list_candidates",
        N_("列出候选人"),
        params=_OF_ROUND,
        results={
            "candidates": list_of(row_of({"id": NUMBER, "name": TEXT, "hint": TEXT})),
            "criteria": list_of(row_of({"name": TEXT, "points": NUMBER})),
            "choices": NUMBER,
            "quorum": NUMBER,
            "working_days": NUMBER,
            "vote_days": NUMBER,
            "order": choice(tuple(Order)),
            "is_vote_held": BOOLEAN,
        },
    ),
    Signature("check_scrutineers", N_("核对监票人"), params={**_OF_ROUND, "people": list_of(NUMBER)}),
    Signature(
        "record_results",
        N_("记下评议和投票"),
        params={
            **_OF_ROUND,
            "scores": list_of(row_of()),
            "review": TEXT,
            "tally": list_of(row_of()),
            "vote": TEXT,
            "answered": NUMBER,
        },
        results={"is_enough": BOOLEAN},
        optional=frozenset({"tally", "vote", "answered"}),
    ),
    Signature("end_round", N_("办结批次"), params=_OF_ROUND),
    Signature("call_off_round", N_("终止批次"), params=_OF_ROUND, optional=frozenset({"round"})),
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
        "draw_decision_sheet",
        N_("列出决定表"),
        params=_OF_ROUND,
        results={
            "candidates": NUMBER,
            "is_runoff": BOOLEAN,
            "level": _CANDIDATES,
            "open_seats": NUMBER,
            "scrutineers": list_of(NUMBER),
            "working_days": NUMBER,
            "quorum": NUMBER,
        },
        rules=_SELECTION,
    ),
    Signature(
        "settle_order",
        N_("排定顺序"),
        params={**_OF_ROUND, "tally": list_of(row_of())},
        results={"is_leader_apart": BOOLEAN, "is_tied": BOOLEAN},
        rules=_SELECTION,
        optional=frozenset({"tally"}),
    ),
    Signature(
        "record_hosts",
        N_("记下主持人"),
        params={**_OF_ROUND, "verdict": TEXT, "hosts": ANY, "departures": ANY},
        results={"verdict": choice(("decided", "given_up")), "hosts": NUMBER, "names": TEXT},
        rules=_SELECTION,
    ),
    Signature(
        "record_members",
        N_("记下成员"),
        params={**_OF_ROUND, "members": ANY},
        results={"members": NUMBER, "checks": _CHECKS},
        rules=_ROSTER,
    ),
    Signature(
        "note_proposals",
        N_("汇总提名"),
        params=_OF_ROUND,
        results={"proposals": NUMBER},
        rules=_ROSTER,
    ),
    Signature(
        "record_mentors",
        N_("记下导师"),
        params={**_OF_ROUND, "mentors": ANY},
        results={"mentors": NUMBER, "checks": _CHECKS},
        rules=_ROSTER,
    ),
    Signature(
        "list_notice_names",
        N_("列出公示名单"),
        params=_OF_ROUND,
        results={"title": TEXT, "intro": TEXT, "persons": list_of(row_of()), "working_days": NUMBER, "subject": TEXT},
        rules=("notice",),
    ),
    Signature(
        "offer_appointments",
        N_("征求本人意见"),
        params={**_OF_ROUND, "remaining": ANY, "left": ANY},
        results={"offered": NUMBER, "struck": NUMBER},
    ),
    Signature("count_answers", N_("核对答复"), params=_OF_ROUND, results={"pending": NUMBER, "declined": NUMBER}),
    Signature(
        "fill_seats",
        N_("递补空缺"),
        params=_OF_ROUND,
        results={"filling": choice(("filled", "ask", "none"))},
        rules=_SELECTION,
    ),
    Signature(
        "put_forward",
        N_("列入名单"),
        params={**_OF_ROUND, "person": ANY, "reason": TEXT},
        results={"name": TEXT},
        rules=_SELECTION,
    ),
    Signature(
        "appoint",
        N_("聘任"),
        params=_OF_ROUND,
        results={"verdict": choice(("appointed", "nobody")), "studios": NUMBER, "people": NUMBER},
        rules=("notice",),
    ),
    Signature(
        "submit_application",
        N_("登记申报"),
        results={
            "application": NUMBER,
            "round": NUMBER,
            "round_title": TEXT,
            "person_name": TEXT,
            "kind_name": TEXT,
            "materials": TEXT,
            "is_of_bureau": BOOLEAN,
            "by_district": BOOLEAN,
            "checks": _CHECKS,
        },
        rules=("selection", "sanction"),
    ),
    Signature("return_application", N_("记下退回补正")),
    Signature("accept_application", N_("登记受理"), results={"receipts": TEXT}),
    Signature("reject_application", N_("登记不受理")),
    Signature("lapse_application", N_("补正逾期")),
    Signature("check_withdrawal", N_("核对能不能撤回申报")),
    Signature("release_application", N_("退出批次")),
    Signature("answer_appointment", N_("转告聘任的答复"), params={"answer": TEXT}, results={"answer": TEXT}),
    Signature(
        "check_recruitment",
        N_("核对成员"),
        results={"person": NUMBER, "member_name": TEXT, "school": TEXT, "principal": NUMBER, "checks": _CHECKS},
        rules=_ROSTER,
    ),
    Signature("join_studio", N_("加入工作室"), results={"joined_on": DATE}, rules=_ROSTER),
    Signature("change_posts", N_("变动任职"), results={"effective_on": DATE}),
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
    Signature("open_filing_run", N_("开启备案年度"), results={"run": NUMBER, "year": TEXT, "until": DATE}, rules=_RANK),
    Signature("close_filing_run", N_("结束备案年度"), params=_OF_RUN, optional=frozenset({"run"})),
    Signature("check_audit", N_("核对审核意见"), params=_OF_RUN, results={**_AUDITED, "left": NUMBER}),
    Signature(
        "settle_rows",
        N_("按审核意见办理"),
        params=_OF_RUN,
        results={**_AUDITED, "next": choice(tuple(Next))},
        rules=_RANK,
    ),
    Signature("make_effective", N_("备案并生效"), params=_OF_RUN, results={"effective": NUMBER}, rules=_RANK),
    Signature("submit_up", N_("汇总上报"), params=_OF_RUN, results={"rows": NUMBER}),
    Signature(
        "submit_batch",
        N_("报送名单"),
        results={
            "batch": NUMBER,
            "channel": choice(tuple(Channel)),
            "kind_name": TEXT,
            "year": TEXT,
            "rows": NUMBER,
            "is_late": BOOLEAN,
        },
    ),
    Signature(
        "read_batch",
        N_("核对备案办到哪里"),
        params=_OF_BATCH,
        results={"state": choice(tuple(BatchState)), "returned": TEXT},
    ),
    Signature("check_correction", N_("核对补正"), params={**_OF_BATCH, "rows": ANY}, results={"names": TEXT}),
    Signature("resubmit_rows", N_("再报补正的名单"), params={**_OF_BATCH, "rows": ANY}, results={"rows": NUMBER}),
    Signature(
        "check_reply", N_("核对登记的批复"), params={**_OF_BATCH, "exceptions": ANY}, results={"exceptions": NUMBER}
    ),
    Signature(
        "record_reply",
        N_("按批复生效"),
        params={**_OF_BATCH, "number": TEXT, "exceptions": ANY},
        results={"effective": NUMBER},
    ),
    Signature(
        "check_supplement",
        N_("核对补报"),
        params={"rows": ANY},
        results={"names": TEXT, "number": NUMBER, "manifest": TEXT},
        rules=_OF_RANK,
    ),
    Signature("file_supplement", N_("报送补报"), params={"rows": ANY, "manifest": TEXT}, results={"batch": NUMBER}),
    Signature(
        "open_rank_review",
        N_("开启职级评审"),
        results={"review": NUMBER, "school_year": NUMBER, "title": TEXT, "apply_until": DATE, "file_by": DATE},
        rules=_OF_RANK,
    ),
    Signature(
        "count_rank_applications",
        N_("清点职级申报"),
        params=_OF_REVIEW,
        results={"pending": NUMBER, "applicants": NUMBER, "determined": NUMBER},
    ),
    Signature(
        "list_rank_names",
        N_("列出职级名单"),
        params={**_OF_REVIEW, "left": ANY},
        results={
            "number": NUMBER,
            "is_notice_due": BOOLEAN,
            "title": TEXT,
            "intro": TEXT,
            "persons": list_of(row_of({"id": NUMBER, "name": TEXT, "line": TEXT})),
            "working_days": NUMBER,
            "subject": TEXT,
            "manifest": TEXT,
        },
        rules=_OF_RANK,
        optional=frozenset({"left"}),
    ),
    Signature("file_list", N_("上报职级名单"), params={**_OF_REVIEW, "manifest": TEXT}, results={"filed_on": DATE}),
    Signature("end_rank_review", N_("办结职级评审"), params=_OF_REVIEW),
    Signature("close_rank_review", N_("终止职级评审")),
    Signature(
        "submit_rank_application",
        N_("登记职级申报"),
        results={
            "application": NUMBER,
            "review": NUMBER,
            "person_name": TEXT,
            "rank_name": TEXT,
            "kind_name": TEXT,
            "is_exceptional": BOOLEAN,
            "checks": _CHECKS,
        },
        rules=("rank", "sanction", "tenure"),
    ),
    Signature("record_rank_verification", N_("记下材料核对"), params={"verdict": TEXT, "seen_on": DATE}),
    Signature("lapse_rank_application", N_("职级申报补正逾期")),
    Signature(
        "record_rank_vote",
        N_("记下评审组的表决"),
        params={"exception": TEXT, "vote": TEXT},
        results={"result": choice(("passed", "not_passed", "no_quorum")), "checks": _CHECKS},
        rules=_OF_RANK,
    ),
    Signature(
        "record_rank_determination",
        N_("记下职级认定"),
        params={"verdict": TEXT},
        results={"next": choice(("determined", "ask", "refused"))},
        rules=_OF_RANK,
    ),
    Signature("settle_rank_application", N_("记下学校的结论"), params={"verdict": TEXT}),
    Signature("record_rank_result", N_("记下备案结果"), params={"result": TEXT}),
    Signature("check_rank_withdrawal", N_("核对能不能撤回职级申报")),
    Signature("release_rank_application", N_("退出职级评审")),
    Signature("change_studio_posts", N_("变动工作室任职"), results={"effective_on": DATE}, rules=_ROSTER),
)

OPERATIONS: Mapping[str, Signature] = MappingProxyType({signature.name: signature for signature in _SIGNATURES})
