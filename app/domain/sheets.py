"""The Excel sheets of the registers: their columns are written down once, for templates, reading and checking."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from app.domain.dossiers import ENTRY_FORMS, LEVEL_TITLES, EntryKind
from app.domain.grades import GRADE_TITLES
from app.domain.text import N_
from app.domain.vocabulary import STUDIO_LEVEL_TITLES


class SheetKind(StrEnum):
    """What can be imported beside people."""

    SERVICE = "service"
    HONOURS = "honours"
    RANKS = "ranks"
    STUDIOS = "studios"


SHEET_KIND_TITLES: Mapping[SheetKind, str] = MappingProxyType(
    {
        SheetKind.SERVICE: N_("班主任任职"),
        SheetKind.HONOURS: N_("荣誉"),
        SheetKind.RANKS: N_("职级"),
        SheetKind.STUDIOS: N_("工作室"),
    }
)


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    MONEY = "money"
    WHOLE = "whole"


@dataclass(frozen=True)
class Column:
    """A column: the register's name of it, its head, and what may stand below; `told` are people's words for the choices."""

    name: str
    head: str
    example: str = ""
    kind: CellKind = CellKind.TEXT
    width: int = 14
    is_required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    told: tuple[str, ...] = ()

    def in_words(self, choice: str) -> str:
        """Return what people call a choice."""
        return dict(zip(self.choices, self.told, strict=False)).get(choice, choice)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook; the template shows one example row, which an import leaves out."""

    title: str
    columns: tuple[Column, ...]

    @property
    def example(self) -> tuple[str, ...]:
        """Return the example row."""
        return tuple(column.example for column in self.columns)


@dataclass(frozen=True)
class Spoken:
    """What an import knows beside the template: heads for its columns, and by column words for what may stand there."""

    heads: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def column(self, column: Column, head: str | None) -> Column:
        """Return a column as it is told of: with the head that a file has, else one's own, and with one's own words."""
        own = next((told for told, name in self.heads.items() if name == column.name), column.head)
        words = {choice: word for word, choice in self.words.get(column.name, {}).items()}
        told = tuple(words.get(choice, choice) for choice in column.choices)
        return replace(column, head=head or own, told=told)


NAME, USERNAME = "person", "username"
PERSON = (
    Column(NAME, N_("姓名"), "张晓明", width=12, is_required=True),
    Column(USERNAME, N_("用户名（手机号）"), "13800000000", width=20, hint=N_("本校没有同名的人时可以不填。")),
)
DAY_HINT = N_("写成 2024-09-01 这样。")
OF_PERSON, OF_CLASS = N_("个人"), N_("班集体")
HONOUR_OF: Mapping[str, EntryKind] = MappingProxyType({OF_PERSON: EntryKind.HONOUR, OF_CLASS: EntryKind.CLASS_HONOUR})
_DAYS = frozenset({"from_on", "until_on"})
_WIDE = frozenset({"title", "issuer"})
_LEVELS = tuple(LEVEL_TITLES.values())


def entry_columns(kind: EntryKind, **examples: str) -> tuple[Column, ...]:
    """Return the columns of a kind of entry as its form has them, in the order of the examples."""
    return tuple(_entry_column(kind, name, example) for name, example in examples.items())


def _entry_column(kind: EntryKind, name: str, example: str) -> Column:
    form = ENTRY_FORMS[kind]
    plain = Column(name, form.labels[name], example, is_required=name in form.required)
    if name in _DAYS:
        return replace(plain, kind=CellKind.DAY, hint=DAY_HINT)
    if name in {"category", "level"}:
        choices = tuple(form.categories.values()) if name == "category" else _LEVELS
        return replace(plain, kind=CellKind.CHOICE, choices=choices)
    return replace(plain, width=28 if name in _WIDE else 14)


_SERVICE = Sheet(
    N_("班主任任职"),
    (
        *PERSON,
        *(
            replace(column, is_required=False, hint=N_("不填就是本校。")) if column.name == "issuer" else column
            for column in entry_columns(
                EntryKind.SERVICE,
                issuer="",
                class_name="2023级3班",
                category="班主任",
                from_on="2023-09-01",
                until_on="",
            )
        ),
    ),
)
_OF = Column(
    "of", N_("对象"), OF_PERSON, CellKind.CHOICE, is_required=True, choices=tuple(HONOUR_OF), hint=N_("谁得的荣誉。")
)
_HONOURS = Sheet(
    N_("荣誉"),
    (
        *PERSON,
        _OF,
        *entry_columns(EntryKind.HONOUR, title="优秀班主任"),
        replace(
            entry_columns(EntryKind.HONOUR, category="班主任工作")[0],
            is_required=False,
            hint=N_("个人荣誉必填，班集体荣誉不填。"),
        ),
        replace(
            entry_columns(EntryKind.CLASS_HONOUR, class_name="")[0],
            is_required=False,
            hint=N_("班集体荣誉必填，个人荣誉不填。"),
        ),
        *entry_columns(
            EntryKind.HONOUR, level="市级", issuer="云澜市教育局", from_on="2024-09-10", number="云教荣〔2024〕016"
        ),
    ),
)
_RANKS = Sheet(
    N_("职级"),
    (
        *PERSON,
        *entry_columns(
            EntryKind.RANK,
            category="初级一档",
            from_on="2024-10-15",
            issuer="临溪区教育局",
            number="临教备〔2024〕031",
        ),
    ),
)
_STUDIO = Column("studio", N_("工作室"), "张晓明名班主任工作室", width=28, is_required=True)
_STUDIO_SHEETS = (
    Sheet(
        N_("工作室"),
        (
            _STUDIO,
            Column(
                "level",
                N_("级别"),
                "校级",
                CellKind.CHOICE,
                is_required=True,
                choices=tuple(STUDIO_LEVEL_TITLES.values()),
            ),
            Column("from_on", N_("工作周期起"), "2024-09-01", CellKind.DAY, is_required=True, hint=DAY_HINT),
            Column("until_on", N_("工作周期止"), "2027-08-31", CellKind.DAY, is_required=True, hint=DAY_HINT),
            Column("amount", N_("余额（元）"), "", CellKind.MONEY, hint=N_("没有经费就不填。")),
            Column("as_of", N_("余额日期"), "", CellKind.DAY, hint=N_("填了余额就要填。")),
        ),
    ),
    Sheet(
        N_("人员"),
        (
            _STUDIO,
            replace(PERSON[0]),
            replace(PERSON[1], hint=N_("外校的人必填。")),
            Column(
                "role",
                N_("身份"),
                "主持人",
                CellKind.CHOICE,
                is_required=True,
                choices=(N_("主持人"), N_("成员"), N_("导师")),
            ),
            Column("from_on", N_("加入日期"), "", CellKind.DAY, hint=N_("不填就是工作周期的第一天。")),
        ),
    ),
    Sheet(
        N_("历次等级"),
        (
            _STUDIO,
            Column("period", N_("时段"), "2024—2025 学年", width=20, is_required=True),
            Column(
                "grade", N_("等级"), "优秀", CellKind.CHOICE, is_required=True, choices=tuple(GRADE_TITLES.values())
            ),
            Column("graded_on", N_("评定日期"), "2025-07-05", CellKind.DAY, is_required=True, hint=DAY_HINT),
            Column("issuer", N_("评定单位"), "松风路小学", width=28),
        ),
    ),
)

SHEETS: Mapping[SheetKind, tuple[Sheet, ...]] = MappingProxyType(
    {
        SheetKind.SERVICE: (_SERVICE,),
        SheetKind.HONOURS: (_HONOURS,),
        SheetKind.RANKS: (_RANKS,),
        SheetKind.STUDIOS: _STUDIO_SHEETS,
    }
)
