"""Say why a lock refuses a value, by level and clause."""

from typing import TYPE_CHECKING, Any

from app.domain.rule_definitions import ValueType
from app.domain.rule_texts import plain
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Lock, OrganizationKind

if TYPE_CHECKING:
    from app.domain.rules import EffectiveRule, Level

LEVEL_TITLES: dict[OrganizationKind, str] = {
    OrganizationKind.CITY: N_("市教育局"),
    OrganizationKind.DISTRICT: N_("区教育局"),
    OrganizationKind.SCHOOL: N_("学校"),
}
OWN_TITLES: dict[OrganizationKind, str] = {
    OrganizationKind.CITY: N_("本局"),
    OrganizationKind.DISTRICT: N_("本局"),
    OrganizationKind.SCHOOL: N_("本校"),
}
_SETS = (ValueType.CHOICES, ValueType.WORDS)
_LONG = (*_SETS, ValueType.CEILINGS, ValueType.ROWS)
_COUNTED = {
    Lock.FLOOR: N_("%(title)s不能改成 %(value)s。%(issuer)s规定不少于 %(inherited)s，%(own)s只能提高。"),
    Lock.CEILING: N_("%(title)s不能改成 %(value)s。%(issuer)s规定不多于 %(inherited)s，%(own)s只能降低。"),
}
_ORDERED = {
    Lock.FLOOR: N_("%(title)s不能改成 %(value)s。%(issuer)s规定不低于 %(inherited)s，%(own)s只能提高。"),
    Lock.CEILING: N_("%(title)s不能改成 %(value)s。%(issuer)s规定不高于 %(inherited)s，%(own)s只能降低。"),
}
_LISTED = {
    Lock.FLOOR: N_("%(title)s不能这样改。%(issuer)s规定的这些要保留：%(inherited)s，%(own)s只能增加。"),
    Lock.CEILING: N_("%(title)s不能这样改。%(issuer)s只规定了这些：%(inherited)s，%(own)s只能减少。"),
}
_CAPPED = N_("%(title)s不能这样改。%(issuer)s规定的上限是：%(inherited)s，%(own)s只能降低。")
_STATED = N_("%(title)s不能改成 %(value)s。%(issuer)s规定为 %(inherited)s，%(own)s不能改。")
_LONG_STATED = N_("%(title)s不能这样改。%(issuer)s规定为：%(inherited)s。%(own)s不能改。")


def issuer_title(rule: "EffectiveRule", level: "Level") -> str:
    """Name who issued a rule as a level sees it: 市教育局, 区教育局, or its own 本校 or 本局."""
    kind = rule.issuer.kind
    return OWN_TITLES[kind] if rule.issuer.organization_id == level.organization_id else LEVEL_TITLES[kind]


def explain(rule: "EffectiveRule", value: Any, level: "Level") -> Sentence:
    """Say that a level may not set a value, by whose rule and by which clause."""
    definition = rule.parameter.definition
    return sentence(
        _message(rule),
        title=definition.title,
        value=plain(definition, value),
        issuer=_authority(rule, level),
        inherited=plain(definition, rule.value),
        own=OWN_TITLES[level.kind],
    )


def _message(rule: "EffectiveRule") -> str:
    type_, lock = rule.parameter.definition.type, rule.parameter.lock
    if lock == Lock.FIXED or type_ == ValueType.BOOLEAN:
        return _LONG_STATED if type_ in _LONG else _STATED
    if type_ == ValueType.CEILINGS:
        return _CAPPED
    if type_ in _SETS:
        return _LISTED[lock]
    return (_COUNTED if type_ == ValueType.NUMBER else _ORDERED)[lock]


def _authority(rule: "EffectiveRule", level: "Level") -> str:
    # An organisation that adopted the pack itself is bound by the pack, not by itself.
    is_own = rule.issuer.organization_id == level.organization_id
    name = f"《{rule.pack.title}》" if is_own else LEVEL_TITLES[rule.issuer.kind]
    clause = rule.parameter.clause
    return f"{name}按{clause.citation}" if clause else name
