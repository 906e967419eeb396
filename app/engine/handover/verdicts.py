"""What is found out about a file that was handed over, and how it comes back through the pipe."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.text import N_, Sentence, sentence, visible
from app.engine.problems import Problem

MOST_PROBLEMS = 200
_LONGEST_NAME, _LONGEST_PARAMETER = 120, 300
_ELLIPSIS = "…"


@dataclass(frozen=True)
class Verdict:
    """The problems of a file; without any, the files of the package that it makes."""

    problems: tuple[Problem, ...]
    files: Mapping[str, str] | None = None

    def written(self) -> bytes:
        """Return the verdict as JSON."""
        rows = [[one.file, one.element, one.rule, one.sentence.message, one.sentence.params] for one in self.problems]
        return json.dumps({"problems": rows, "files": self.files}).encode()


def refused(problems: Iterable[Problem]) -> Verdict:
    """Return the verdict on a file with problems: no more, and none longer, than a person can read."""
    kept = [_short(one) for one in problems]
    if len(kept) > MOST_PROBLEMS:
        message = N_("还有 %(count)d 处要改，先改好前面的再交一次。")
        rest = Problem(kept[0].file, "", "more", sentence(message, count=len(kept) - MOST_PROBLEMS))
        kept = [*kept[:MOST_PROBLEMS], rest]
    return Verdict(tuple(kept))


def refused_for(file: str, rule: str, message: str) -> Verdict:
    """Return the verdict on a file of which nothing better is known."""
    return refused([Problem(file, "", rule, sentence(message))])


def read_verdict(written: bytes) -> Verdict:
    """Read what `written` wrote. Raises ValueError."""
    data: dict[str, Any] = json.loads(written)
    problems = (
        Problem(file, element, rule, Sentence(text, params)) for file, element, rule, text, params in data["problems"]
    )
    return Verdict(tuple(problems), data["files"])


def _short(problem: Problem) -> Problem:
    params = {name: _cut(value, _LONGEST_PARAMETER) for name, value in problem.sentence.params.items()}
    return Problem(
        str(_cut(problem.file, _LONGEST_NAME)),
        str(_cut(problem.element, _LONGEST_NAME)),
        problem.rule,
        Sentence(problem.sentence.message, params),
    )


def _cut(value: Any, longest: int) -> Any:
    """Return a value that JSON and a page can show; numbers stay numbers, for %(count)d."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = visible(str(value)).encode(errors="replace").decode()
    return text if len(text) <= longest else text[:longest] + _ELLIPSIS
