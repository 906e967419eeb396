"""What a teacher's file holds: the kinds of entries, and which particulars each of them tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from app.domain.text import N_


class EntryKind(StrEnum):
    """A kind of entry in a teacher's file."""

    EMPLOYMENT = "employment"
    TITLE = "title"
    SERVICE = "service"
    HONOUR = "honour"
    CLASS_HONOUR = "class_honour"
    PUBLICATION = "publication"
    PROJECT = "project"
    TRAINING = "training"
    RANK = "rank"
    SANCTION = "sanction"


ENTRY_KIND_TITLES: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.EMPLOYMENT: N_("参加工作"),
        EntryKind.TITLE: N_("职称"),
        EntryKind.SERVICE: N_("班主任任职"),
        EntryKind.HONOUR: N_("个人荣誉"),
        EntryKind.CLASS_HONOUR: N_("班集体荣誉"),
        EntryKind.PUBLICATION: N_("论文和交流"),
        EntryKind.PROJECT: N_("课题项目"),
        EntryKind.TRAINING: N_("培训"),
        EntryKind.RANK: N_("班主任职级"),
        EntryKind.SANCTION: N_("处分"),
    }
)

# What a teacher may enter: ranks come from reviews and imports, sanctions from the office.
OWN_KINDS = tuple(kind for kind in EntryKind if kind not in {EntryKind.RANK, EntryKind.SANCTION})


class Level(StrEnum):
    """How far an honour, a project or a sanction reaches, the lowest first."""

    SCHOOL = "school"
    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


LEVEL_TITLES: Mapping[Level, str] = MappingProxyType(
    {
        Level.SCHOOL: N_("校级"),
        Level.DISTRICT: N_("区县级"),
        Level.CITY: N_("市级"),
        Level.PROVINCE: N_("省级"),
        Level.NATION: N_("国家级"),
    }
)


class Rank(StrEnum):
    """A homeroom teacher's rank 职级, the lowest first (S4 三(二))."""

    ASSISTANT = "assistant"
    JUNIOR_2 = "junior_2"
    JUNIOR_1 = "junior_1"
    INTERMEDIATE_2 = "intermediate_2"
    INTERMEDIATE_1 = "intermediate_1"
    SENIOR_2 = "senior_2"
    SENIOR_1 = "senior_1"

    def is_above(self, other: "Rank") -> bool:
        """Tell whether it is the higher of two ranks."""
        order = tuple(Rank)
        return order.index(self) > order.index(other)


RANK_TITLES: Mapping[Rank, str] = MappingProxyType(
    {
        Rank.ASSISTANT: N_("班主任助理"),
        Rank.JUNIOR_2: N_("初级二档"),
        Rank.JUNIOR_1: N_("初级一档"),
        Rank.INTERMEDIATE_2: N_("中级二档"),
        Rank.INTERMEDIATE_1: N_("中级一档"),
        Rank.SENIOR_2: N_("高级二档"),
        Rank.SENIOR_1: N_("高级一档"),
    }
)


class ProfessionalTitle(StrEnum):
    """A professional title 职称, the lowest first."""

    NONE = "none"
    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    FULL_SENIOR = "full_senior"


PROFESSIONAL_TITLE_TITLES: Mapping[ProfessionalTitle, str] = MappingProxyType(
    {
        ProfessionalTitle.NONE: N_("未定级"),
        ProfessionalTitle.JUNIOR: N_("初级"),
        ProfessionalTitle.INTERMEDIATE: N_("中级"),
        ProfessionalTitle.SENIOR: N_("高级"),
        ProfessionalTitle.FULL_SENIOR: N_("正高级"),
    }
)


@dataclass(frozen=True)
class EntryForm:
    """Which particulars an entry of a kind tells, by column, each with its label; `categories` is a closed list."""

    labels: Mapping[str, str]
    required: frozenset[str]
    categories: Mapping[str, str] = field(default_factory=dict)


_GIVEN = {"level": N_("级别"), "issuer": N_("授予单位"), "from_on": N_("日期")}

ENTRY_FORMS: Mapping[EntryKind, EntryForm] = MappingProxyType(
    {
        EntryKind.EMPLOYMENT: EntryForm(
            {"from_on": N_("参加工作日期"), "until_on": N_("预计退休日期")}, frozenset({"from_on"})
        ),
        EntryKind.TITLE: EntryForm(
            {"category": N_("职称"), "from_on": N_("取得日期"), "issuer": N_("评审单位"), "number": N_("证书编号")},
            frozenset({"category", "from_on"}),
            MappingProxyType({value.value: title for value, title in PROFESSIONAL_TITLE_TITLES.items()}),
        ),
        EntryKind.SERVICE: EntryForm(
            {
                "issuer": N_("学校"),
                "class_name": N_("班级"),
                "category": N_("身份"),
                "from_on": N_("任职起"),
                "until_on": N_("任职止"),
            },
            frozenset({"issuer", "class_name", "category", "from_on"}),
            MappingProxyType({"full": N_("班主任"), "assistant": N_("班主任助理")}),
        ),
        EntryKind.HONOUR: EntryForm(
            {"title": N_("荣誉名称"), "category": N_("种类"), **_GIVEN, "number": N_("证书编号")},
            frozenset({"title", "category", "level", "issuer", "from_on"}),
            MappingProxyType(
                {
                    "homeroom": N_("班主任工作"),
                    "moral_education": N_("德育工作"),
                    "excellent_teacher": N_("优秀教师"),
                    "other": N_("其他"),
                }
            ),
        ),
        EntryKind.CLASS_HONOUR: EntryForm(
            {"title": N_("荣誉名称"), "class_name": N_("班级"), **_GIVEN},
            frozenset({"title", "class_name", "level", "issuer", "from_on"}),
        ),
        EntryKind.PUBLICATION: EntryForm(
            {
                "title": N_("题目"),
                "category": N_("种类"),
                "level": N_("级别"),
                "issuer": N_("发表或交流在"),
                "from_on": N_("日期"),
            },
            frozenset({"title", "category", "level", "issuer", "from_on"}),
            MappingProxyType(
                {
                    "paper": N_("论文"),
                    "book": N_("著作"),
                    "case": N_("案例"),
                    "class_meeting": N_("主题班会"),
                    "exchange": N_("经验交流"),
                    "lecture": N_("讲座"),
                }
            ),
        ),
        EntryKind.PROJECT: EntryForm(
            {
                "title": N_("课题名称"),
                "category": N_("承担"),
                "level": N_("级别"),
                "issuer": N_("立项单位"),
                "from_on": N_("立项日期"),
                "until_on": N_("结题日期"),
                "number": N_("立项编号"),
            },
            frozenset({"title", "category", "level", "issuer", "from_on"}),
            MappingProxyType({"lead": N_("主持"), "member": N_("参与")}),
        ),
        EntryKind.TRAINING: EntryForm(
            {
                "title": N_("培训名称"),
                "category": N_("层次"),
                "level": N_("级别"),
                "issuer": N_("主办单位"),
                "from_on": N_("开始日期"),
                "until_on": N_("结束日期"),
                "hours": N_("学时"),
                "number": N_("结业证编号"),
            },
            frozenset({"title", "category", "level", "issuer", "from_on", "hours"}),
            MappingProxyType({"junior": N_("初级"), "intermediate": N_("中级"), "senior": N_("高级")}),
        ),
        EntryKind.RANK: EntryForm(
            {"category": N_("职级"), "from_on": N_("生效日期"), "issuer": N_("备案单位"), "number": N_("备案号")},
            frozenset({"category", "from_on"}),
            MappingProxyType({value.value: title for value, title in RANK_TITLES.items()}),
        ),
        EntryKind.SANCTION: EntryForm(
            {
                "title": N_("处分事由"),
                "category": N_("处分"),
                "level": N_("级别"),
                "issuer": N_("作出单位"),
                "from_on": N_("处分日期"),
                "until_on": N_("解除日期"),
            },
            frozenset({"title", "category", "level", "issuer", "from_on"}),
            MappingProxyType(
                {
                    "warning": N_("警告"),
                    "demerit": N_("记过"),
                    "demotion": N_("降低岗位等级"),
                    "dismissal": N_("开除"),
                    "criticism": N_("通报批评"),
                }
            ),
        ),
    }
)


class EntrySource(StrEnum):
    """How an entry came into the register."""

    CASE = "case"
    IMPORT = "import"
    ROSTER = "roster"
    FOUNDING = "founding"


class Look(StrEnum):
    """How somebody looked at another's file."""

    FILE = "file"
    EVIDENCE = "evidence"
    EXPORT = "export"
    REGISTER = "register"


LOOK_TITLES: Mapping[Look, str] = MappingProxyType(
    {
        Look.FILE: N_("看了档案"),
        Look.EVIDENCE: N_("看了证明材料"),
        Look.EXPORT: N_("导出了名单"),
        Look.REGISTER: N_("在台账里看了登记"),
    }
)
