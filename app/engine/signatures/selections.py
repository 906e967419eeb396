"""Signatures of operations on the selection of hosts."""

from types import MappingProxyType

from app.domain.rounds import FewerChoice, Order, RoundDate
from app.domain.text import N_
from app.engine.signatures.signature import CHECKS, OF_RANK, ROSTER, Signature
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, choice, list_of, row_of

_SELECTION = ("selection",)

_CANDIDATES = list_of(row_of({"id": ANY, "name": TEXT, "hint": TEXT}))

_OF_ROUND = MappingProxyType({"round": NUMBER})

SIGNATURES = (
    Signature(
        "open_round",
        N_("开启批次"),
        results={"round": NUMBER, "title": TEXT, "apply_from": DATE, "apply_until": DATE, "checks": CHECKS},
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
            "checks": CHECKS,
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
        results={"members": NUMBER, "checks": CHECKS},
        rules=ROSTER,
    ),
    Signature(
        "note_proposals",
        N_("汇总提名"),
        params=_OF_ROUND,
        results={"proposals": NUMBER},
        rules=ROSTER,
    ),
    Signature(
        "record_mentors",
        N_("记下导师"),
        params={**_OF_ROUND, "mentors": ANY},
        results={"mentors": NUMBER, "checks": CHECKS},
        rules=ROSTER,
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
            "checks": CHECKS,
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
        "check_supplement",
        N_("核对补报"),
        params={"rows": ANY},
        results={"names": TEXT, "number": NUMBER, "manifest": TEXT},
        rules=OF_RANK,
    ),
    Signature(
        "file_supplement",
        N_("报送补报"),
        params={"rows": ANY, "manifest": TEXT},
        results={"batch": NUMBER},
        reads=("check_supplement",),
    ),
)
