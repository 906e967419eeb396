"""Issue 7, from sign-in: role by role and week by week of a school's review of ranks, what each sees and may do."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.integration.conftest import site_on
from tests.integration.rank_review_weeks import WHO, Look, Weeks, begin
from tests.integration.school import School

APPLY, SUPPLEMENT = "rank_application", "rank_supplement"
# What opens for each once a teacher has applied; nothing does for the neighbours.
SCHOOL = "review application"
PRINCIPAL = "review review's application"
DISTRICT = "review district review's application"
CITY = "review district city review's application"
NEIGHBOURS: Mapping[str, Look] = {"neighbour_office": Look(starts=SUPPLEMENT), "neighbour_district": Look()}
# While the school is at it, its bureaus watch, and their clerks may urge.
BUREAUS: Mapping[str, Look] = {
    "district_clerk": Look("", DISTRICT, "", "urge_district"),
    "district_reviewer district_leader": Look("", DISTRICT),
    "city_clerk": Look("", CITY, "", "urge_city"),
    "city_reviewer city_leader": Look("", CITY),
    **NEIGHBOURS,
}
# Once the list is filed, whoever answers for it opens it, too.
LISTED_PRINCIPAL, LISTED_OFFICE = "review list review's application", "review list application"
LISTED_DISTRICT, LISTED_CITY = (
    "review list district review's application",
    "review list district city review's application",
)
AFTER: Mapping[str, Look] = {
    "teacher": Look("", SCHOOL, APPLY),
    "colleague": Look("", "review", APPLY),
    "office": Look("", LISTED_OFFICE, SUPPLEMENT),
    "panel leader": Look("", SCHOOL),
    "principal": Look("", LISTED_PRINCIPAL),
    "district_reviewer district_leader": Look("", LISTED_DISTRICT),
    "city_reviewer city_leader": Look("", LISTED_CITY),
    **NEIGHBOURS,
}
DISTRICT_WATCHES, CITY_WATCHES = (
    Look("", LISTED_DISTRICT, "", "urge_district"),
    Look("", LISTED_CITY, "", "urge_city"),
)
EXPECTED: Mapping[str, Mapping[str, Look]] = {
    "opened": {
        "teacher colleague": Look("", "review", APPLY),
        "office": Look("", "review", SUPPLEMENT),
        "panel leader": Look("", "review"),
        "principal": Look("", "review review's"),
        "district_clerk": Look("", "review district review's", "", "urge_district"),
        "district_reviewer district_leader": Look("", "review district review's"),
        "city_clerk": Look("", "review district city review's", "", "urge_city"),
        "city_reviewer city_leader": Look("", "review district city review's"),
        **NEIGHBOURS,
    },
    "verifying": {
        "teacher": Look("", SCHOOL, APPLY, "withdraw"),
        "colleague": Look("", "review", APPLY),
        "office": Look("verify_application", SCHOOL, SUPPLEMENT),
        "panel leader": Look("", "review"),
        "principal": Look("", PRINCIPAL),
        **BUREAUS,
    },
    "voting": {
        "teacher": Look("", SCHOOL, APPLY, "withdraw"),
        "colleague": Look("", "review", APPLY),
        "office": Look("", SCHOOL, SUPPLEMENT),
        "panel": Look("vote_application", SCHOOL, "", "vote"),
        "leader": Look("", "review"),
        "principal": Look("", PRINCIPAL),
        **BUREAUS,
    },
    # The panel has voted, and nobody withdraws any more.
    "determining": {
        "teacher": Look("", SCHOOL, APPLY),
        "colleague": Look("", "review", APPLY),
        "office": Look("", SCHOOL, SUPPLEMENT),
        "panel": Look("", SCHOOL),
        "leader": Look("determine_rank", SCHOOL),
        "principal": Look("", PRINCIPAL),
        **BUREAUS,
    },
    "signing": {
        "teacher": Look("", SCHOOL, APPLY),
        "colleague": Look("", "review", APPLY),
        "office": Look("", SCHOOL, SUPPLEMENT),
        "panel leader": Look("", SCHOOL),
        "principal": Look("sign_list", PRINCIPAL),
        **BUREAUS,
    },
    "filed": {
        **AFTER,
        "district_clerk": Look("audit_rows", LISTED_DISTRICT, "", "audit_district urge_district"),
        "city_clerk": CITY_WATCHES,
    },
    "aggregated": {
        **AFTER,
        "district_clerk": DISTRICT_WATCHES,
        "city_clerk": Look("audit_rows", LISTED_CITY, "", "audit_city urge_city"),
    },
    "effective": {**AFTER, "district_clerk": DISTRICT_WATCHES, "city_clerk": CITY_WATCHES},
}

# Five working days to verify and to vote, three to determine, the day of filing to sign, ten to audit.
DUES = {
    "verify_application": "2026-09-08",
    "vote_application": "2026-09-09",
    "determine_rank": "2026-09-08",
    "sign_list": "2026-09-30",
    "audit_rows": "2026-10-12",
}


@pytest.fixture(scope="module")
def weeks(built_sqlite: tuple[Path, School], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    """A world in which no review has begun."""
    for site in site_on(built_sqlite, tmp_path_factory.mktemp("ranks")):
        yield begin(site)


@pytest.fixture(scope="module")
def looks(weeks: Weeks) -> Mapping[str, Mapping[str, Look]]:
    """Walk the review once, and return what each finds in each week."""
    return {week: {name: weeks.look(name) for name in WHO} for week in weeks.walk()}


@pytest.mark.parametrize("week", EXPECTED)
def test_each_sees_and_may_do_what_the_week_gives(looks: Mapping[str, Mapping[str, Look]], week: str) -> None:
    wanted = {name: look for names, look in EXPECTED[week].items() for name in names.split()}
    assert looks[week] == wanted
    assert set(wanted) == set(WHO)


def test_no_page_breaks_and_no_task_answers_to_others(weeks: Weeks, looks: Mapping[str, Mapping[str, Look]]) -> None:
    assert set(looks) == set(EXPECTED)
    assert weeks.slips == []


def test_each_task_says_by_when_the_rule_has_it_done(weeks: Weeks, looks: Mapping[str, Mapping[str, Look]]) -> None:
    assert looks
    assert {element: weeks.dues.get(element) for element in DUES} == DUES
