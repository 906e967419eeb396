"""The whole play: a city is made, its September comes and goes, and what it came to is proved."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app import installation
from app.config import Settings
from app.domain.vocabulary import Role
from app.services import settings as marks
from app.services.transactions import writing
from bench.september import cities, clocks, proofs, stories
from bench.september.cities import City
from bench.september.crews import Crew
from bench.september.probes import IDLE_ROUNDS, Probe, p95_ms, token_of
from bench.september.stories import Phase
from tests.servers.stores import PostgresServer, RedisServer

# While all reviews start, an inbox may take so many times what it takes on an idle server.
SLOWEST_BUSY = 2


@dataclass(frozen=True)
class Size:
    """How large the city is, and in how many processes its people act."""

    schools: int
    applicants: int
    processes: int


def play(folder: Path, size: Size) -> int:
    """Play a city's September; return 0 where nothing is missing or double, and no inbox became too slow."""
    with ExitStack() as held:
        server = PostgresServer(folder / "postgresql")
        held.callback(server.clean_up)
        redis = RedisServer(folder)
        redis.start()
        held.callback(redis.program.kill)
        url = server.url.replace("postgresql://", "postgresql+psycopg://", 1)
        clocks.put(folder / "clock.txt", stories.EVE)
        crew = Crew(folder, url, redis.url, size.processes)
        since = time.perf_counter()
        city = _build(crew, size)
        _tell(Phase("建立城市", time.perf_counter() - since, 0))
        held.enter_context(crew)
        return _play(crew, city, size)


def _build(crew: Crew, size: Size) -> City:
    engine = installation.prepared(Settings.from_environment(crew.deployment.environment))
    with Session(engine) as session:
        city = cities.build(session, size.schools, size.applicants)
        with writing(session):
            marks.write(session, marks.INSTALLED, value=True)
            marks.write(session, marks.TEST, value=True)
    engine.dispose()
    return city


def _play(crew: Crew, city: City, size: Size) -> int:
    since = time.perf_counter()
    slowdown = _begin(crew, city)
    for phase in stories.go_on(crew, city):
        _tell(phase)
    _say(f"全程 {time.perf_counter() - since:.0f} 秒")
    found = _faults(crew, size)
    if slowdown > SLOWEST_BUSY:
        found.append(f"评审开始时待办慢到 {slowdown:.2f} 倍，最多 {SLOWEST_BUSY} 倍")
    for fault in found:
        _say(f"不对：{fault}")
    _say(f"有 {len(found)} 处不对" if found else "不缺，不重：申报、备案号、台账一一对应，办理记录和体检无误")
    return 1 if found else 0


def _begin(crew: Crew, city: City) -> float:
    """Start all reviews while somebody reads an inbox; return by how many times that reading became slower."""
    office = city.schools[0].one(Role.MORAL_EDUCATION_OFFICE)
    address = crew.deployment.address
    token = token_of(address, f"p{office}")
    crew.settle()
    idle = Probe(address, token)
    idle.read(IDLE_ROUNDS)
    with Probe(address, token) as busy:
        _tell(stories.begin(crew))
    before, during = p95_ms(idle.seconds), p95_ms(busy.seconds)
    slowdown = during / before
    _say(f"待办 p95：空闲 {before:.1f} ms，评审开始时 {during:.1f} ms（{len(busy.seconds)} 次），{slowdown:.2f} 倍")
    return slowdown


def _faults(crew: Crew, size: Size) -> list[str]:
    since = time.perf_counter()
    with Session(crew.engine) as session:
        for name, count in proofs.rows(session).items():
            _say(f"{name} {count:,} 行")
        found = list(proofs.faults(session, size.schools, size.applicants))
    _tell(Phase("核对", time.perf_counter() - since, 0))
    return found


def _tell(phase: Phase) -> None:
    acts = f"，{phase.acts:,} 次办理" if phase.acts else ""
    _say(f"{phase.title}：{phase.seconds:.1f} 秒{acts}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is what it is for
