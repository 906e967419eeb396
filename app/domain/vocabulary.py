"""The closed vocabularies of the domain and their Chinese names."""

from enum import StrEnum

from app.domain.text import N_


class Role(StrEnum):
    """A position's role in one organisation (DOMAIN §1)."""

    PRINCIPAL = "principal"
    DEPUTY_PRINCIPAL = "deputy_principal"
    MORAL_EDUCATION_OFFICE = "moral_education_office"
    MORAL_EDUCATION_DIRECTOR = "moral_education_director"
    ACADEMIC_AFFAIRS_OFFICE = "academic_affairs_office"
    SUPERVISION_OFFICE = "supervision_office"
    DISCIPLINE_COMMITTEE = "discipline_committee"
    YEAR_GROUP_HEAD = "year_group_head"
    YEAR_GROUP_DEPUTY = "year_group_deputy"
    HOMEROOM_TEACHER = "homeroom_teacher"
    ASSISTANT_HOMEROOM_TEACHER = "assistant_homeroom_teacher"
    TEACHER = "teacher"
    FINANCE_OFFICER = "finance_officer"
    LEGAL_REPRESENTATIVE = "legal_representative"
    PROCESS_ADMIN = "process_admin"
    LEADERSHIP_GROUP_LEADER = "leadership_group_leader"
    LEADERSHIP_GROUP_DEPUTY = "leadership_group_deputy"
    LEADERSHIP_GROUP_MEMBER = "leadership_group_member"
    REVIEW_PANEL_MEMBER = "review_panel_member"
    STUDIO_HOST = "studio_host"
    STUDIO_MEMBER = "studio_member"
    STUDIO_MENTOR = "studio_mentor"
    BUREAU_CLERK = "bureau_clerk"
    BUREAU_REVIEWER = "bureau_reviewer"
    BUREAU_LEADER = "bureau_leader"
    BUREAU_FINANCE = "bureau_finance"
    BUREAU_AUDITOR = "bureau_auditor"
    BUREAU_ADMIN = "bureau_admin"


# Who is on the roll where the members of a body are asked: a leader is a member, too (DOMAIN §1).
BODY_OF: dict[str, frozenset[Role]] = {
    Role.LEADERSHIP_GROUP_MEMBER: frozenset(
        {Role.LEADERSHIP_GROUP_LEADER, Role.LEADERSHIP_GROUP_DEPUTY, Role.LEADERSHIP_GROUP_MEMBER}
    ),
}


def body_of(role: str) -> frozenset[str]:
    """Return the roles whose holders are asked where many people in a role are."""
    return BODY_OF.get(role) or frozenset({role})


ROLE_TITLES: dict[Role, str] = {
    Role.PRINCIPAL: N_("校长"),
    Role.DEPUTY_PRINCIPAL: N_("分管德育副校长"),
    Role.MORAL_EDUCATION_OFFICE: N_("政教处"),
    Role.MORAL_EDUCATION_DIRECTOR: N_("政教处主任"),
    Role.ACADEMIC_AFFAIRS_OFFICE: N_("教务处"),
    Role.SUPERVISION_OFFICE: N_("督导室"),
    Role.DISCIPLINE_COMMITTEE: N_("校纪委"),
    Role.YEAR_GROUP_HEAD: N_("年级部主任"),
    Role.YEAR_GROUP_DEPUTY: N_("年级部副主任"),
    Role.HOMEROOM_TEACHER: N_("班主任"),
    Role.ASSISTANT_HOMEROOM_TEACHER: N_("班主任助理"),
    Role.TEACHER: N_("教师"),
    Role.FINANCE_OFFICER: N_("财务"),
    Role.LEGAL_REPRESENTATIVE: N_("法定代表人"),
    Role.PROCESS_ADMIN: N_("流程管理员"),
    Role.LEADERSHIP_GROUP_LEADER: N_("领导小组组长"),
    Role.LEADERSHIP_GROUP_DEPUTY: N_("领导小组副组长"),
    Role.LEADERSHIP_GROUP_MEMBER: N_("领导小组成员"),
    Role.REVIEW_PANEL_MEMBER: N_("职级评审组成员"),
    Role.STUDIO_HOST: N_("工作室主持人"),
    Role.STUDIO_MEMBER: N_("工作室成员"),
    Role.STUDIO_MENTOR: N_("工作室导师"),
    Role.BUREAU_CLERK: N_("教育局经办"),
    Role.BUREAU_REVIEWER: N_("教育局审核"),
    Role.BUREAU_LEADER: N_("局领导"),
    Role.BUREAU_FINANCE: N_("财政"),
    Role.BUREAU_AUDITOR: N_("审计"),
    Role.BUREAU_ADMIN: N_("系统管理员"),
}

STUDIO_ROLES = frozenset({Role.STUDIO_HOST, Role.STUDIO_MEMBER, Role.STUDIO_MENTOR})
BUREAU_ROLES = frozenset(role for role in Role if role.startswith("bureau_"))
STANDING_BODY_ROLES = frozenset(
    {
        Role.LEADERSHIP_GROUP_LEADER,
        Role.LEADERSHIP_GROUP_DEPUTY,
        Role.LEADERSHIP_GROUP_MEMBER,
        Role.REVIEW_PANEL_MEMBER,
    }
)
SCHOOL_ROLES = frozenset(Role) - BUREAU_ROLES - STUDIO_ROLES - STANDING_BODY_ROLES
# In which somebody works in an organisation: a studio's or a body's people may come from elsewhere.
WORKING_ROLES = SCHOOL_ROLES | BUREAU_ROLES


class OrganizationKind(StrEnum):
    """A level of the administering tree."""

    CITY = "city"
    DISTRICT = "district"
    SCHOOL = "school"


ORGANIZATION_KIND_TITLES: dict[OrganizationKind, str] = {
    OrganizationKind.CITY: N_("市教育局"),
    OrganizationKind.DISTRICT: N_("区、县教育局"),
    OrganizationKind.SCHOOL: N_("学校"),
}


class Affiliation(StrEnum):
    """Who administers a school."""

    DISTRICT = "district"
    DIRECT = "direct"
    PRIVATE = "private"


AFFILIATION_TITLES: dict[Affiliation, str] = {
    Affiliation.DISTRICT: N_("区属"),
    Affiliation.DIRECT: N_("市直属"),
    Affiliation.PRIVATE: N_("民办"),
}


class Stage(StrEnum):
    """A school's stage 学段."""

    PRIMARY = "primary"
    MIDDLE = "middle"
    HIGH = "high"
    NINE_YEAR = "nine_year"


STAGE_TITLES: dict[Stage, str] = {
    Stage.PRIMARY: N_("小学"),
    Stage.MIDDLE: N_("初中"),
    Stage.HIGH: N_("高中"),
    Stage.NINE_YEAR: N_("九年一贯制"),
}


class InstanceStatus(StrEnum):
    """Where a process instance stands (API.md)."""

    RUNNING = "running"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    FAILED = "failed"


class VersionStatus(StrEnum):
    """How far a version of a process has come (API.md)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETIRED = "retired"


class WorkItemStatus(StrEnum):
    """Where a work item stands."""

    OPEN = "open"
    # For opinions that were asked for; an added signer, for the verdict before.
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    # A member of a roll who stepped aside, or who is judged.
    RECUSED = "recused"


# Not done yet, whoever is waited for.
UNDONE = frozenset({WorkItemStatus.OPEN, WorkItemStatus.WAITING})


class WorkItemKind(StrEnum):
    """Why a work item is somebody's: the flow leads there, or an opinion on another's task is asked."""

    TASK = "task"
    DELEGATED = "delegated"
    ADDED_BEFORE = "added_before"
    ADDED_AFTER = "added_after"


class Opinion(StrEnum):
    """What may be answered where an opinion is asked."""

    AGREE = "agree"
    DISAGREE = "disagree"
    REMARK = "remark"


OPINIONS: dict[str, tuple[Opinion, ...]] = {
    WorkItemKind.DELEGATED: (Opinion.AGREE, Opinion.DISAGREE, Opinion.REMARK),
    WorkItemKind.ADDED_BEFORE: (Opinion.AGREE, Opinion.DISAGREE),
    WorkItemKind.ADDED_AFTER: (Opinion.AGREE, Opinion.DISAGREE),
}


class CollectiveStatus(StrEnum):
    """Where a collective task stands; settled is decided, with the case not yet moved on.

    Only a secret ballot is being prepared before it opens, and being counted after it.
    """

    PREPARING = "preparing"
    OPEN = "open"
    COUNTING = "counting"
    SETTLED = "settled"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """A person's answer to a user task."""

    SUBMIT = "submit"
    SIGN = "sign"
    AGREE = "agree"
    DISAGREE = "disagree"
    ABSTAIN = "abstain"
    ACCEPT = "accept"
    REFUSE = "refuse"
    RETURN = "return"


class Programme(StrEnum):
    """A family of rules that an organisation adopts apart from others (DESIGN §7a)."""

    SCHOOL_STUDIO = "school_studio"
    CITY_STUDIO = "city_studio"
    RANK = "rank"


PROGRAMME_TITLES: dict[Programme, str] = {
    Programme.SCHOOL_STUDIO: N_("校级名班主任工作室"),
    Programme.CITY_STUDIO: N_("市级名班主任工作室"),
    Programme.RANK: N_("班主任职级"),
}


# In place of a programme: that of the studios which an organisation sets up itself.
STUDIOS = "studios"
STUDIO_PROGRAMMES: dict[OrganizationKind, Programme] = {
    OrganizationKind.CITY: Programme.CITY_STUDIO,
    OrganizationKind.DISTRICT: Programme.CITY_STUDIO,
    OrganizationKind.SCHOOL: Programme.SCHOOL_STUDIO,
}


class Lock(StrEnum):
    """How far the levels below may change a rule."""

    FIXED = "fixed"
    FLOOR = "floor"
    CEILING = "ceiling"
    FREE = "free"


LOCK_TITLES: dict[Lock, str] = {
    Lock.FIXED: N_("固定，不能改"),
    Lock.FLOOR: N_("只能提高"),
    Lock.CEILING: N_("只能降低"),
    Lock.FREE: N_("可以改"),
}


class StudioLevel(StrEnum):
    """The level that set a studio up."""

    SCHOOL = "school"
    CITY = "city"


STUDIO_LEVEL_TITLES: dict[StudioLevel, str] = {
    StudioLevel.SCHOOL: N_("校级"),
    StudioLevel.CITY: N_("市级"),
}


class FundingSource(StrEnum):
    """Who grants a studio's money (S1 经费 第二条, S0 四1)."""

    CITY = "city"
    DISTRICT_MATCH = "district_match"
    SCHOOL_BASIC = "school_basic"
    SCHOOL_FLOATING = "school_floating"


FUNDING_SOURCE_TITLES: dict[FundingSource, str] = {
    FundingSource.CITY: N_("市级资助"),
    FundingSource.DISTRICT_MATCH: N_("区级配套"),
    FundingSource.SCHOOL_BASIC: N_("校级基本经费"),
    FundingSource.SCHOOL_FLOATING: N_("校级浮动经费"),
}


class Category(StrEnum):
    """What a studio may spend on (S1 经费 第三条)."""

    RESEARCH = "research"
    EXCHANGE = "exchange"
    BOOKS = "books"
    EQUIPMENT = "equipment"
    EXPERTS = "experts"
    MENTOR = "mentor"
    MEETINGS = "meetings"
    NETWORK = "network"
    STUDY_TRIPS = "study_trips"
    TRAINING = "training"
    PUBLISHING = "publishing"
    OTHER = "other"


CATEGORY_TITLES: dict[Category, str] = {
    Category.RESEARCH: N_("教育研究"),
    Category.EXCHANGE: N_("学术研讨与交流"),
    Category.BOOKS: N_("图书资料"),
    Category.EQUIPMENT: N_("办公设备"),
    Category.EXPERTS: N_("外聘专家讲课"),
    Category.MENTOR: N_("聘请导师"),
    Category.MEETINGS: N_("会务"),
    Category.NETWORK: N_("网络建设"),
    Category.STUDY_TRIPS: N_("外出指导和考察"),
    Category.TRAINING: N_("课程资源与培训"),
    Category.PUBLISHING: N_("成果出版"),
    Category.OTHER: N_("其他集体性支出"),
}


class LedgerKind(StrEnum):
    """What a ledger entry records."""

    BOOKING = "booking"
    REVERSAL = "reversal"
    REFUND = "refund"


LEDGER_KIND_TITLES: dict[LedgerKind, str] = {
    LedgerKind.BOOKING: N_("入账"),
    LedgerKind.REVERSAL: N_("冲销"),
    LedgerKind.REFUND: N_("退款"),
}


class PaymentMethod(StrEnum):
    """How finance paid."""

    TRANSFER = "transfer"
    OFFICIAL_CARD = "official_card"
    CASH = "cash"


PAYMENT_METHOD_TITLES: dict[PaymentMethod, str] = {
    PaymentMethod.TRANSFER: N_("转账"),
    PaymentMethod.OFFICIAL_CARD: N_("公务卡"),
    PaymentMethod.CASH: N_("现金"),
}
