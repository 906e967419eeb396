"""Cases that run on a diagram of an earlier release go on under today's operations."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.people import Person
from app.db.work import Signature
from app.domain import clock
from app.domain.filings import BatchStatus
from app.domain.ranks import RankReviewStage
from app.engine.package import ProcessPackage, load_package
from app.services.acts import interventions
from app.services.publishing import definitions
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import CLOSED, act, review_of, settle_filing, tick, with_list
from tests.integration.school import ROOT, School

__all__ = ["database", "school"]  # fixtures
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
RELEASED = ROOT / "tests/integration/released"


def publish(world: School, *packages: ProcessPackage) -> None:
    """Have what is shipped follow the release that cases were begun on, or the other way round."""
    with writing(world.session):
        for package in packages:
            definitions.publish_built_in(world.session, package, {"public_notice": shipped("public_notice")})


def shipped(key: str) -> ProcessPackage:
    return load_package(key, ROOT / "processes", ROOT / "forms")


def with_file(package: ProcessPackage, name: str, text: str) -> ProcessPackage:
    return replace(package, files={**package.files, name: text})


def sign(world: School) -> None:
    act(world, review_of(world).instance_id, "legal", "sign", CLOSED)
    tick(world, CLOSED)


def test_a_review_without_the_check_of_its_list_draws_it_up_again_where_it_has_changed(school: School) -> None:
    """Before `check_rank_list` a name that was edited kept the principal from signing for good."""
    present = shipped("rank_review")
    publish(school, with_file(present, "rank_review.bpmn", (RELEASED / "rank_review.bpmn").read_text("utf-8")))
    world = with_list(school)
    publish(world, present)
    with writing(world.session):
        world.session.get_one(Person, world.people["teacher"]).name = "李若函"
    sign(world)
    assert review_of(world).stage == RankReviewStage.SIGNING
    sign(world)
    batch = world.session.scalars(select(FilingBatch)).one()
    assert [row.name for row in batch.rows] == ["李若函"]
    signed = world.session.scalars(select(Signature).order_by(Signature.id))
    assert [one.voided_at is None for one in signed] == [False, True]
    settle_filing(world, batch)
    assert review_of(world).stage == RankReviewStage.EFFECTIVE


def test_what_a_process_has_learnt_to_give_back_is_given_back_by_cases_that_ran_before(school: School) -> None:
    present = shipped("rank_filing")
    text = present.files["process.toml"].replace('on_abandon = ["withdraw_batch"]\n', "")
    before = with_file(present, "process.toml", text)
    publish(school, replace(before, manifest=replace(before.manifest, on_abandon=())))
    world = with_list(school)
    sign(world)
    publish(world, present)
    batch = world.session.scalars(select(FilingBatch)).one()
    assert batch.instance_id is not None
    with clock.frozen(CLOSED):
        interventions.cancel(world.session, world.actor("admin"), batch.instance_id, "报错了")
    world.session.refresh(batch)
    assert batch.status == BatchStatus.SETTLED
