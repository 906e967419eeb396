"""The grades of studios and their members (S0 五2, S1 方案 职责(二))."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.text import N_


class Grade(StrEnum):
    """What an evaluation says, the best first; a period without a grade breaks no run."""

    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    NOT_GRADED = "not_graded"


GRADE_TITLES: Mapping[Grade, str] = MappingProxyType(
    {
        Grade.EXCELLENT: N_("优秀"),
        Grade.GOOD: N_("良好"),
        Grade.QUALIFIED: N_("合格"),
        Grade.UNQUALIFIED: N_("不合格"),
        Grade.NOT_GRADED: N_("不定等级"),
    }
)
