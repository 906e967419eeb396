"""What a DMN file may hold; everything else is refused by name."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.text import N_
from app.engine.decisions.values import Kind

NAMESPACES: Mapping[str, str] = MappingProxyType(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
        # Written by editors of that time.
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
        "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
        "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
        "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
        "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
    }
)
# The last three are what other tools write.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {**{kind.value: kind for kind in Kind}, "any": Kind.ANY, "long": Kind.INTEGER, "double": Kind.NUMBER}
)
_TITLES = {
    "context": N_("上下文（boxed context）"),
    "functionDefinition": N_("函数定义（function definition）"),
    "invocation": N_("调用（invocation）"),
    "list": N_("列表（list）"),
    "relation": N_("关系表（relation）"),
    "conditional": N_("条件框（conditional）"),
    "filter": N_("筛选（filter）"),
    "for": N_("循环（for）"),
    "every": N_("全部满足（every）"),
    "some": N_("有的满足（some）"),
    "businessKnowledgeModel": N_("业务知识模型（BKM）"),
    "decisionService": N_("决策服务（decision service）"),
    "import": N_("导入（import）"),
    "knowledgeRequirement": N_("知识需求（knowledge requirement）"),
    "importedValues": N_("导入的值（imported values）"),
    "itemComponent": N_("结构类型（item component）"),
    "functionItem": N_("函数类型（function item）"),
}
_PERMITTED = frozenset(
    {
        "description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement",
        "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner",
        "usingProcess", "usingTask", "decision", "inputData", "itemDefinition", "knowledgeSource", "textAnnotation",
        "association", "group", "organizationUnit", "performanceIndicator", "elementCollection", "type", "owner",
        "requiredInput", "requiredDecision", "requiredAuthority", "sourceRef", "targetRef", "drgElement",
        "decisionTable", "literalExpression", "typeRef", "allowedValues", "typeConstraint", "input", "output", "rule",
        "annotation", "inputExpression", "inputValues", "outputValues", "defaultOutputEntry", "inputEntry",
        "outputEntry", "annotationEntry", "text", "decisionMade", "decisionOwned", "impactingDecision",
    }
)  # fmt: skip


def refusal_of(name: str) -> str | None:
    """Return why an element of DMN is refused, or None."""
    if name in _PERMITTED:
        return None
    title = _TITLES.get(name)
    if title is None:
        return N_("不认识 %s，请删去。") % name
    return N_("不支持%s，请改成决策表或者简单的表达式。") % title


def is_feel(language: str | None) -> bool:
    """Tell whether an expression language is FEEL, by one of the names that versions and editors give it."""
    return not language or language.lower() in {"feel", "s-feel", "sfeel"} or "/FEEL" in language
