"""How many gave each confidential answer serves to choose a way, and is written nowhere."""

from collections.abc import Iterator

from app.domain.tally import Secrecy
from app.domain.text import N_, sentence
from app.engine.checks.facts import Facts
from app.engine.checks.notices import PLACE
from app.engine.checks.written import Use, results_of, written_in
from app.engine.expressions import ExpressionError, parse
from app.engine.package import MANIFEST, ProcessPackage
from app.engine.problems import Problem

COUNTS = "counts"
RULE = "collective"
SHOWN = N_("“%(name)s”是保密的答复各有几人，只能写在连线的条件里，别处会让人看出谁怎样答复，请删去。")


def check_confidential(facts: Facts) -> Iterator[Problem]:
    """Find counts of confidential answers in titles, notices, parameters, messages and other values."""
    own = ((facts, written) for written in written_in(facts) if written.use != Use.CONDITION)
    for evaluated_in, written in (*own, *results_of(facts)):
        for name in _told(evaluated_in, _names(written.text)):
            yield facts.problem(written.element, RULE, SHOWN, name=name)
    for file, element, text in _templates(facts.package):
        for name in _told(facts, _places(text)):
            yield Problem(file, element, RULE, sentence(SHOWN, name=name))


def _templates(package: ProcessPackage) -> Iterator[tuple[str, str, str]]:
    """Yield the texts with places: the file, what stands in it, and the text."""
    yield MANIFEST, "title_template", package.manifest.title_template
    yield MANIFEST, "page", package.manifest.page
    yield from ((MANIFEST, "summary", text) for text in package.manifest.summary)
    yield from ((f"notices/{name}.txt", name, text) for name, text in package.notices.items())


def _told(facts: Facts, names: list[str]) -> list[str]:
    """Return the names that stand for counts of a confidential task."""
    hidden = {task.id for task in facts.user_tasks() if task.collective and task.collective.secrecy != Secrecy.NAMED}
    return [name for name in names if name.split(".")[0] in hidden and name.split(".")[1:2] == [COUNTS]]


def _names(text: str) -> list[str]:
    """Return what an expression refers to; one that cannot be read is told elsewhere."""
    try:
        return sorted(parse(text).names)
    except ExpressionError:
        return []


def _places(template: str) -> list[str]:
    return [place.partition(":")[0] for place in PLACE.findall(template)]
