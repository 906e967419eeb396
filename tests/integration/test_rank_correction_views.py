"""What people see of a correction: a link at the rank, before and after for the auditors, and the old certificate's end."""

import re

import pytest
from sqlalchemy import select

from app.db.rank_reviews import RankApplication
from app.db.ranks import RankCertificate
from app.db.work import IS_OPEN, WorkItem
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.correction_world import begin, effective, mend, ranks
from tests.integration.filing_world import Filing, filing, in_the_year
from tests.printed import words_of

__all__ = ["in_the_year"]  # a fixture


@pytest.fixture
def filed(site: Site) -> Filing:
    """Return a direct school whose ranks are effective."""
    assert site.world is not None
    return filing(site.world, is_direct=True)


def told_of(page: str) -> list[int]:
    """Return the cases to which a page of ranks leads."""
    return [int(one) for one in re.findall(r'href="/cases/(\d+)">办理经过', page)]


def test_a_rank_is_corrected_from_its_history_and_everybody_sees_before_and_after(site: Site, filed: Filing) -> None:
    wrong, _other, third = effective(filed)
    session = filed.school.session
    applications = [session.get_one(RankApplication, row.application_id).instance_id for row in filed.rows()]
    history = f"/ranks/people/{wrong.person_id}"
    office, clerk = site.browser("office"), site.browser("city_clerk")
    link = f"/start/rank_correction?organization={filed.place}&amp;rows.0.entry={wrong.id}"
    assert link in office.get(history).text
    for name in ("host", "legal", "city_clerk"):
        assert "start/rank_correction" not in site.browser(name).get(history).text, name
    form = office.get(link.replace("&amp;", "&")).text
    assert f'<option value="{wrong.id}" selected' in form
    assert office.get(f"/ranks/{wrong.id}/certificate.pdf").status_code == 200
    filed.school.session.rollback()
    code = filed.school.session.scalars(select(RankCertificate.code)).one()
    case = begin(filed, mend(wrong, rank="senior_1"), mend(third, remedy="strike"))
    item = filed.school.session.scalars(select(WorkItem.id).where(WorkItem.instance_id == case, IS_OPEN)).one()
    revision = Caller(site.app, "legal").get(f"/tasks/{item}").get_json()["revision"]
    asked = site.browser("legal").post(f"/tasks/{item}", {"revision": revision, "verdict": "sign"}).text
    assert re.search(r"签的是</dt>\s*<dd>[^<]*中级二档[^<]* → 高级一档", asked)
    filed.do(case, "sign_correction", "legal", "sign")
    batch = filed.rows()[-1].batch_id
    assert f'href="/filings/lists/{batch}"' in office.get(f"/cases/{case}").text
    assert link not in office.get(history).text
    assert "更正已报，等上级备案" in site.browser("host").get(history).text
    audit = clerk.get(f"/filings/{filed.run('city').id}").text
    for said in (
        "更正已备案的",
        "备案号 YL-2026-00001",
        "职级写低了。理由：评审表上高一档",
        "高级一档",
        "一次升 3 档",
        " · 更正</span>",
        "划销",
        "看更正的材料",
    ):
        assert said in audit
    assert "备案号 YL-2026-00001" in office.get(f"/filings/lists/{batch}").text
    assert "一次升 3 档" in clerk.get(f"/filings/{filed.run('city').id}?kind=correction&difference=leap").text
    printed = words_of(office.get(f"/filings/lists/{batch}/list.pdf").data)
    assert printed.count("在平台上签字") == 1
    assert "一次性对应" not in printed
    row = Caller(site.app, "city_clerk").get(f"/filings/{batch}").get_json()["rows"][0]
    assert (row["held"], row["rank"], row["correction"]["entry"], row["correction"]["number"]) == (
        "intermediate_2",
        "senior_1",
        wrong.id,
        "YL-2026-00001",
    )
    filed.pass_all("city")
    new = ranks(filed)[3].id
    shown = site.browser("host").get(history).text
    for said in ("更正 YL-2026-00001", "已更正", f"/ranks/{new}/certificate.pdf"):
        assert said in shown
    # Nobody is led to what is not theirs to see: the bureau's year, or a case of others.
    assert [told_of(page) for page in (office.get(history).text, clerk.get(history).text, shown)] == [
        [case],
        [case, applications[0]],
        [],
    ]
    own = site.browser("teacher")
    assert applications[2] in told_of(own.get(f"/ranks/people/{third.person_id}").text)
    assert own.get(f"/cases/{applications[2]}").status_code == 200
    assert office.get(f"/ranks/{wrong.id}/certificate.pdf").status_code == 409
    assert office.get(f"/ranks/{new}/certificate.pdf").status_code == 200
    told = site.browser().client.get(f"/verify/{code}", headers={"Accept": "application/json"}).get_json()
    assert (told["is_valid"], "不再作数" in told["words"]) == (False, True)
