"""When a process begins by itself, as `[schedule]` in its manifest says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.recurrences import read_recurrence
from app.domain.text import N_
from app.engine.problems import Report

LATEST, EACH = "latest", "each"
_PLAIN = (str, int, float, bool)


@dataclass(frozen=True)
class Plan:
    """When cases begin, with which values; what a downtime missed begins once, or each occurrence of it."""

    starts: str
    values: Mapping[str, Any] = field(default_factory=dict)
    catch_up: str = LATEST


def check_plan(data: object, report: Report) -> None:
    """Note what is wrong with a manifest's schedule."""
    if not isinstance(data, dict) or not data.keys() <= {"starts", "values", "catch_up"}:
        report.add("schedule", "schedule", N_("[schedule] 里只能写 starts、values 和 catch_up。"))
        return
    if not isinstance(data.get("starts"), str) or read_recurrence(data["starts"]) is None:
        message = N_("starts 要写成 yearly 09-01、monthly 05 或者 weekly 1，后面可以加时刻，例如 yearly 09-01 08:00。")
        report.add("schedule", "schedule", message)
    if data.get("catch_up", LATEST) not in {LATEST, EACH}:
        report.add("schedule", "schedule", N_("catch_up 只能是 latest（只补最近一次）或者 each（每次都补）。"))
    values = data.get("values", {})
    if not isinstance(values, dict) or not _is_plain(values):
        report.add("schedule", "schedule", N_("values 要写成“字段 = 值”，日期写成带引号的文字。"))


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list) else isinstance(value, _PLAIN)
