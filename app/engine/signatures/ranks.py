"""Signatures of operations on reviews of ranks and their filing."""

from types import MappingProxyType

from app.domain.filings import BatchState, Channel, Next
from app.domain.text import N_
from app.engine.signatures.signature import CHECKS, OF_RANK, Signature
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, choice, list_of, row_of

_OF_REVIEW = MappingProxyType({"review": NUMBER})

_RANK = ("rank", "filing")

_OF_RUN = MappingProxyType({"run": NUMBER})

_OF_BATCH = MappingProxyType({"batch": NUMBER})

_AUDITED = MappingProxyType({"accepted": NUMBER, "returned": NUMBER, "refused": NUMBER})

SIGNATURES = (
    Signature(
        "open_filing_run",
        N_("开启备案年度"),
        results={"run": NUMBER, "year": TEXT, "until": DATE},
        rules=_RANK,
        reads=("begin_run",),
    ),
    Signature(
        "close_filing_run",
        N_("结束备案年度"),
        params=_OF_RUN,
        results={"left": NUMBER, "until": DATE},
        optional=frozenset({"run"}),
    ),
    Signature("check_audit", N_("核对审核意见"), params=_OF_RUN, results={**_AUDITED, "left": NUMBER}),
    Signature(
        "settle_rows",
        N_("按审核意见办理"),
        params=_OF_RUN,
        results={**_AUDITED, "next": choice(tuple(Next)), "sum_by": DATE},
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
        reads=("begin_filing",),
    ),
    Signature("withdraw_batch", N_("撤回报送")),
    Signature(
        "read_batch",
        N_("核对备案办到哪里"),
        params=_OF_BATCH,
        results={
            "state": choice(tuple(BatchState)),
            "came_to": TEXT,
            "returned": TEXT,
            "rows": list_of(row_of({"row": NUMBER})),
        },
    ),
    Signature("check_correction", N_("核对补正"), params={**_OF_BATCH, "rows": ANY}, results={"names": TEXT}),
    Signature(
        "resubmit_rows",
        N_("再报补正的名单"),
        params={**_OF_BATCH, "rows": ANY},
        results={"rows": NUMBER},
        reads=("correct_rows",),
    ),
    Signature(
        "check_reply",
        N_("核对登记的批复"),
        params={**_OF_BATCH, "exceptions": ANY, "replied_on": DATE, "issuer": TEXT},
        results={"exceptions": NUMBER},
        optional=frozenset({"replied_on", "issuer"}),
    ),
    Signature(
        "record_reply",
        N_("按批复生效"),
        params={**_OF_BATCH, "number": TEXT, "exceptions": ANY, "issuer": TEXT},
        results={"effective": NUMBER},
        optional=frozenset({"issuer"}),
    ),
    Signature(
        "open_letter",
        N_("开始纸质汇总"),
        results={"letter": NUMBER, "year": TEXT, "rows": NUMBER},
        reads=("begin_letter",),
    ),
    Signature(
        "check_letter_reply",
        N_("核对登记的市里批复"),
        params={"exceptions": ANY, "replied_on": DATE, "others": TEXT},
        results={"exceptions": NUMBER},
        optional=frozenset({"replied_on", "others"}),
    ),
    Signature(
        "record_letter_reply",
        N_("按市里批复生效"),
        params={"number": TEXT, "issuer": TEXT, "exceptions": ANY, "others": TEXT},
        results={"effective": NUMBER, "left": NUMBER},
        optional=frozenset({"others"}),
    ),
    Signature("take_back_letter", N_("收回纸质汇总")),
    Signature(
        "check_rank_correction",
        N_("核对职级更正"),
        params={"rows": ANY},
        results={"names": TEXT, "number": NUMBER, "lines": TEXT, "manifest": TEXT},
    ),
    Signature(
        "file_rank_correction",
        N_("报送职级更正"),
        params={"rows": ANY, "manifest": TEXT},
        results={"batch": NUMBER},
        reads=("check_request",),
    ),
    Signature(
        "open_rank_review",
        N_("开启职级评审"),
        results={"review": NUMBER, "school_year": NUMBER, "title": TEXT, "apply_until": DATE, "file_by": DATE},
        rules=OF_RANK,
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
        rules=OF_RANK,
        optional=frozenset({"left"}),
    ),
    Signature(
        "check_rank_list",
        N_("核对签过的名单"),
        params={**_OF_REVIEW, "manifest": TEXT, "persons": ANY},
        results={"is_current": BOOLEAN, "checks": CHECKS},
    ),
    Signature(
        "file_list",
        N_("上报职级名单"),
        params={**_OF_REVIEW, "manifest": TEXT},
        results={"filed_on": DATE},
        reads=("list_names",),
    ),
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
            "checks": CHECKS,
        },
        rules=("rank", "sanction", "tenure"),
        reads=("apply",),
    ),
    Signature("record_rank_verification", N_("记下材料核对"), params={"verdict": TEXT, "seen_on": DATE}),
    Signature("lapse_rank_application", N_("职级申报补正逾期")),
    Signature(
        "record_rank_vote",
        N_("记下评审组的表决"),
        # Earlier versions told them; what was voted is read from the votes.
        params={"exception": TEXT, "vote": TEXT},
        optional=frozenset({"exception", "vote"}),
        results={"result": choice(("passed", "not_passed", "no_quorum")), "checks": CHECKS},
        rules=OF_RANK,
        reads=("vote_application",),
    ),
    Signature(
        "record_rank_determination",
        N_("记下职级认定"),
        # As above: the decision is read from the history.
        params={"verdict": TEXT},
        optional=frozenset({"verdict"}),
        results={"next": choice(("determined", "ask", "refused"))},
        rules=OF_RANK,
        reads=("determine_rank",),
    ),
    Signature(
        "settle_rank_application",
        N_("记下学校的结论"),
        params={"verdict": TEXT},
        results={"words": TEXT},
        reads=("judge_application",),
    ),
    Signature("record_rank_result", N_("记下备案结果"), params={"result": TEXT}),
    Signature("check_rank_withdrawal", N_("核对能不能撤回职级申报")),
    Signature("release_rank_application", N_("退出职级评审")),
)
