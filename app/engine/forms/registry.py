"""The closed lists that a form may name: where options come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.text import N_


@dataclass(frozen=True)
class Option:
    """One thing to choose; `hint` is a second line, such as what is left of a budget line."""

    value: str | int
    label: str
    hint: str = ""


OPTION_LISTS: Mapping[str, str] = MappingProxyType(
    {
        "own_studios": N_("本人所在的工作室"),
        "budget_lines": N_("预算科目"),
        "budget_years": N_("预算年度"),
        "expense_categories": N_("支出类别"),
        "grant_sources": N_("经费来源"),
        "payment_methods": N_("支付方式"),
        "booked_expenses": N_("已入账的报销"),
        "entry_kinds": N_("冲销或者退款"),
        "semesters": N_("学年和学期"),
        "own_entries": N_("本人档案里的登记"),
        "school_people": N_("本单位的人员"),
        "school_sanctions": N_("本单位人员的处分登记"),
        "studios_to_change": N_("可以变动的工作室"),
        "studio_members": N_("工作室的成员"),
        "open_rounds": N_("本单位能申报的批次"),
        "open_rank_reviews": N_("本校能申报的职级评审"),
        "ranks": N_("班主任职级"),
        "post_holders": N_("现任的人"),
        "round_candidates": N_("等确定的主持人候选人"),
        "round_hosts": N_("定下的主持人"),
        "round_members": N_("等确定的成员申报人"),
        "round_reserves": N_("可以递补的候选人"),
        "filing_rows": N_("备案名单里等学校办的老师"),
        "letter_rows": N_("纸质汇总里等批复的老师"),
        "supplement_applications": N_("可以补报职级的老师"),
        "filed_ranks": N_("可以报更正的职级"),
    }
)
"""`valuesKey` -> Chinese title."""

RESERVED_KEYS = frozenset(
    {
        "verdict",
        "comment",
        "password",
        "revision",
        "content_hash",
        "csrf_token",
        "idempotency_key",
        "action",
    }
)
"""Names that the task page and the engine use beside a form's own."""

CONSTANT_KEYS = frozenset({"true", "false", "null", "none", "yes", "no", "on", "off", "y", "n"})
"""Names that scenarios and expressions read as a constant."""
