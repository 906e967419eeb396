"""The decision sheet of the hosts as a workbook that reckons every total again by itself."""

from typing import IO, Any

from app.db.selections import DecisionSheet
from app.domain.text import N_
from app.services.workbooks import harmless, sheet_into

COLUMNS = (
    (N_("名次"), 8),
    (N_("姓名"), 12),
    (N_("学校"), 24),
    (N_("平均分"), 10),
    (N_("评议分"), 10),
    (N_("得票"), 8),
    (N_("得票率"), 10),
    (N_("总分"), 10),
    (N_("复算评议分"), 12),
    (N_("复算得票率"), 12),
    (N_("复算总分"), 12),
    (N_("定为主持人"), 12),
    (N_("理由"), 40),
    (N_("导师"), 12),
)


def write(sheet: DecisionSheet, file: IO[bytes]) -> None:
    """Write the sheet with the formula beside every figure, so that a spreadsheet reckons it again."""
    with sheet_into(file, N_("决定表"), COLUMNS, freeze="C2") as page:
        for number, row in enumerate(sheet.rows, start=2):
            page.append(_cells(sheet.formula, row, number))


def _cells(formula: dict[str, Any], row: dict[str, Any], number: int) -> list[Any]:
    of_review, of_vote = formula["weights"]
    is_scored = bool(formula["points"]) and row["mean"] is not None
    review = f"=ROUND(D{number}/{formula['points']}*100,2)" if is_scored else None
    share = f"=ROUND(F{number}/{formula['papers']}*100,2)" if formula["papers"] else None
    total = f"=ROUND((N(I{number})*{of_review}+N(J{number})*{of_vote})/100,2)"
    return [
        row["place"],
        harmless(row["name"]),
        harmless(row["school"]),
        row["mean"],
        row["review"],
        row["votes"],
        row["share"],
        row["total"],
        review,
        share,
        total if row["total"] is not None else None,
        N_("是") if row["is_chosen"] else "",
        harmless(row["reason"]),
        harmless(row.get("mentor_name") or ""),
    ]
