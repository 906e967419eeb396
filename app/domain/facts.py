"""The closed list of facts that a person's file proves: what decision tables judge by and forms are filled with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from app.domain.dossiers import (
    ENTRY_KIND_TITLES,
    LEVEL_TITLES,
    PROFESSIONAL_TITLE_TITLES,
    RANK_TITLES,
    EntryKind,
)
from app.domain.text import N_

ORDER = "_order"


class FactType(StrEnum):
    """What sort of value a fact has."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"


FACT_TYPE_TITLES: Mapping[FactType, str] = MappingProxyType(
    {
        FactType.NUMBER: N_("数字"),
        FactType.TEXT: N_("文字"),
        FactType.DATE: N_("日期"),
        FactType.BOOLEAN: N_("真假"),
    }
)


class Roll(StrEnum):
    """Where a fact comes from that no entry tells."""

    PEOPLE = "people"
    POSITIONS = "positions"


ROLL_TITLES: Mapping[Roll, str] = MappingProxyType({Roll.PEOPLE: N_("人员信息"), Roll.POSITIONS: N_("现任职务")})


@dataclass(frozen=True)
class Fact:
    """A fact: its name in expressions and tables, what people call it, what it may be, and where it comes from.

    `options` are the titles of a choice's values, the lowest first where they have an order.
    """

    name: str
    title: str
    type: FactType
    source: EntryKind | Roll
    unit: str = ""
    options: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_confidential(self) -> bool:
        """Tell whether only those may know it whose task needs it."""
        return self.source is EntryKind.SANCTION

    @property
    def origin(self) -> str:
        """Return what people call the place that it comes from."""
        return ROLL_TITLES[self.source] if isinstance(self.source, Roll) else ENTRY_KIND_TITLES[self.source]


class FactState(StrEnum):
    """Whether a fact is proven; where it is not, whether what would prove it waits to be verified."""

    PROVEN = "proven"
    PENDING = "pending"
    ABSENT = "absent"


Value = str | int | float | bool | None


@dataclass(frozen=True)
class FactValue:
    """What is known of a fact: its value, null where it cannot be proven, and the entries that prove it."""

    value: Value = None
    evidence: tuple[int, ...] = ()
    state: FactState = FactState.ABSENT


_LEVELS = {level.value: title for level, title in LEVEL_TITLES.items()}
_TITLES = {value.value: title for value, title in PROFESSIONAL_TITLE_TITLES.items()}
_RANKS = {rank.value: title for rank, title in RANK_TITLES.items()}
_YEARS, _TIMES, _HOURS = N_("年"), N_("项"), N_("学时")


def _ordered(name: str, title: str, source: EntryKind, options: Mapping[str, str]) -> Iterator[Fact]:
    """Yield a choice, and its place in the order of the options, which tables compare."""
    yield Fact(name, title, FactType.TEXT, source, options=MappingProxyType(dict(options)))
    yield Fact(f"{name}{ORDER}", f"{title}{N_('（次序）')}", FactType.NUMBER, source)


def _all() -> Iterator[Fact]:
    yield Fact("person_name", N_("姓名"), FactType.TEXT, Roll.PEOPLE)
    yield Fact("school_name", N_("所在学校"), FactType.TEXT, Roll.PEOPLE)
    yield Fact("is_homeroom_teacher", N_("在岗班主任"), FactType.BOOLEAN, Roll.POSITIONS)
    yield Fact("is_studio_host", N_("现任工作室主持人"), FactType.BOOLEAN, Roll.POSITIONS)
    yield Fact("working_from_on", N_("参加工作日期"), FactType.DATE, EntryKind.EMPLOYMENT)
    yield Fact("working_years", N_("工作年限"), FactType.NUMBER, EntryKind.EMPLOYMENT, _YEARS)
    yield Fact("retires_on", N_("预计退休日期"), FactType.DATE, EntryKind.EMPLOYMENT)
    yield Fact("years_to_retirement", N_("离退休年数"), FactType.NUMBER, EntryKind.EMPLOYMENT, _YEARS)
    yield from _ordered("professional_title", N_("职称"), EntryKind.TITLE, _TITLES)
    yield Fact("professional_title_from_on", N_("取得职称日期"), FactType.DATE, EntryKind.TITLE)
    yield Fact("homeroom_years", N_("任班主任年限"), FactType.NUMBER, EntryKind.SERVICE, _YEARS)
    yield Fact("homeroom_from_on", N_("首次任班主任日期"), FactType.DATE, EntryKind.SERVICE)
    yield Fact("current_class", N_("现任班级"), FactType.TEXT, EntryKind.SERVICE)
    yield from _ordered("rank_honour_level", N_("计入职级的荣誉最高级别"), EntryKind.HONOUR, _LEVELS)
    yield from _ordered("homeroom_honour_level", N_("班主任表彰最高级别"), EntryKind.HONOUR, _LEVELS)
    yield Fact("honour_count", N_("个人荣誉项数"), FactType.NUMBER, EntryKind.HONOUR, _TIMES)
    yield from _ordered("class_honour_level", N_("所带班级表彰最高级别"), EntryKind.CLASS_HONOUR, _LEVELS)
    yield from _ordered("publication_level", N_("论文和交流最高级别"), EntryKind.PUBLICATION, _LEVELS)
    yield Fact("publication_count", N_("论文和交流项数"), FactType.NUMBER, EntryKind.PUBLICATION, _TIMES)
    yield from _ordered("project_level", N_("课题最高级别"), EntryKind.PROJECT, _LEVELS)
    yield Fact("project_count", N_("课题项数"), FactType.NUMBER, EntryKind.PROJECT, _TIMES)
    yield Fact("training_hours", N_("培训学时合计"), FactType.NUMBER, EntryKind.TRAINING, _HOURS)
    yield Fact("training_hours_junior", N_("初级培训学时"), FactType.NUMBER, EntryKind.TRAINING, _HOURS)
    yield Fact("training_hours_intermediate", N_("中级培训学时"), FactType.NUMBER, EntryKind.TRAINING, _HOURS)
    yield Fact("training_hours_senior", N_("高级培训学时"), FactType.NUMBER, EntryKind.TRAINING, _HOURS)
    yield from _ordered("training_certificate_level", N_("培训合格证书最高级别"), EntryKind.TRAINING, _LEVELS)
    yield from _ordered("rank", N_("班主任职级"), EntryKind.RANK, _RANKS)
    yield Fact("rank_from_on", N_("职级生效日期"), FactType.DATE, EntryKind.RANK)
    yield Fact("is_barred", N_("受处分后不得任班主任"), FactType.BOOLEAN, EntryKind.SANCTION)
    yield Fact("barred_until", N_("不得任班主任到哪一天"), FactType.DATE, EntryKind.SANCTION)


FACTS: Mapping[str, Fact] = MappingProxyType({fact.name: fact for fact in _all()})


def order_of(fact: Fact, value: str) -> int:
    """Return the place of a choice's value among its options, from 1."""
    return list(fact.options).index(value) + 1


def choice_of(name: str) -> Fact:
    """Return the fact whose values a fact of their order counts, or the fact itself."""
    return FACTS[name.removesuffix(ORDER)]
