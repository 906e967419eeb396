"""The small world with rounds to apply in: of the school by its own rules, and of the city above it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.db.people import Position
from app.db.processes import ProcessInstance, ProcessVersion
from app.db.rounds import Application, Round
from app.domain import clock
from app.domain.rounds import RoundDate, RoundStage
from app.domain.serial import verification_code
from app.domain.vocabulary import Programme, Role
from app.services.rounds.ending import tell_result
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.dossier_world import add_keepers
from tests.integration.school import School

PROCESS = "host_application"
SINCE = date(2020, 9, 1)
POSTS = (
    ("teacher", "school", Role.HOMEROOM_TEACHER),
    ("district_admin", "district", Role.BUREAU_REVIEWER),
    ("city_auditor", "city", Role.BUREAU_CLERK),
)


def add_rounds(world: School) -> School:
    """Let the school have its own rules, an office that checks applications, and a teacher who leads a class."""
    add_keepers(world)
    with writing(world.session):
        world.session.add_all(
            Position(person_id=world.people[name], organization_id=world.organizations[where], role=role, from_on=SINCE)
            for name, where, role in POSTS
        )
        world.session.add(
            Position(
                person_id=world.people["admin"],
                organization_id=world.organizations["school"],
                role=Role.PROCESS_ADMIN,
                from_on=SINCE,
            )
        )
    admin, school = world.actor("admin"), world.organizations["school"]
    rules.adopt_pack(world.session, admin, school, Programme.SCHOOL_STUDIO, "s0", date(2019, 1, 1))
    return world


def open_round(world: School, where: str = "school", *, days: int = 10, title: str = "名班主任工作室评选") -> int:
    """Open a round that takes applications from yesterday on, for some days; return its id."""
    place = world.organizations[where]
    programme = Programme.SCHOOL_STUDIO if where in {"school", "sibling"} else Programme.CITY_STUDIO
    today = clock.today()
    with writing(world.session):
        case = _case(world, place, rules.pinned_rules(world.session, place, programme, today))
        opened = Round(
            organization_id=place,
            instance_id=case,
            title=title,
            programme=programme,
            seats=2,
            term_from=today,
            term_until=today + timedelta(days=700),
            stage=RoundStage.APPLYING,
            dates={
                RoundDate.APPLY_FROM: (today - timedelta(days=1)).isoformat(),
                RoundDate.APPLY_UNTIL: (today + timedelta(days=days)).isoformat(),
            },
            settings={},
        )
        world.session.add(opened)
        world.session.flush()
        return opened.id


def close_window(world: School, round_id: int) -> None:
    """Let a round's window have ended yesterday."""
    with writing(world.session):
        found = world.session.get_one(Round, round_id)
        found.dates = {**found.dates, RoundDate.APPLY_UNTIL: (clock.today() - timedelta(days=1)).isoformat()}


def values(world: School, round_id: int, **changes: Any) -> dict[str, Any]:
    """Return an application as host, filled in, with a material on paper."""
    return {
        "round": round_id,
        "kind": "host",
        "homeroom_years": 6,
        "work": "带班六年，以班级自主管理见长。",
        "plan": "带年轻班主任做主题班会。",
        "materials": [{"name": "带班案例集", "is_paper": True}],
        "stays": True,
        "agreed": True,
        **changes,
    }


def member_values(world: School, round_id: int, **changes: Any) -> dict[str, Any]:
    """Return an application as member who goes anywhere."""
    filled = values(world, round_id, kind="member", accepts_allocation=True)
    return {key: one for key, one in filled.items() if key not in {"plan", "stays"}} | changes


def apply(world: School, round_id: int, name: str = "teacher", **changes: Any) -> int:
    """Apply in a round; return the case."""
    school = world.organizations["school"]
    return starts.start(world.session, world.actor(name), PROCESS, school, values(world, round_id, **changes)).instance


def application_of(world: School, instance: int) -> Application:
    """Return the application of a case as it stands now."""
    world.session.rollback()
    return world.session.scalars(select(Application).where(Application.instance_id == instance)).one()


def case_of(world: School, instance: int) -> ProcessInstance:
    """Return a case as it stands now."""
    world.session.rollback()
    return world.session.get_one(ProcessInstance, instance)


def give_result(world: School, instance: int, result: Any) -> None:
    """Tell an application what its round came to."""
    application = application_of(world, instance)
    with writing(world.session):
        tell_result(world.session, application, result)
    ticks.catch_up(world.session)


def _case(world: School, place: int, pinned: dict[str, Any]) -> int:
    version = world.session.scalars(select(ProcessVersion.id).limit(1)).one()
    code = verification_code()
    case = ProcessInstance(
        serial=f"PC-{code[:8]}",
        verification_code=code,
        version_id=version,
        process_key="host_selection",
        organization_id=place,
        title="评选",
        state=b"",
        values={},
        rules=pinned,
    )
    world.session.add(case)
    world.session.flush()
    return case.id
