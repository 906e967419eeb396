"""What keeps a process package from being published, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.errors import ShenpiError
from app.domain.text import N_, Sentence, sentence


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in which file and at which element."""

    file: str
    element: str
    rule: str
    sentence: Sentence

    @property
    def text(self) -> str:
        """Return the sentence in Chinese."""
        return self.sentence.chinese()


class PackageError(ShenpiError):
    """A process package cannot be compiled."""

    message = N_("流程文件有 %(count)d 处需要改。%(first)s")

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        first = self.problems[0]
        where = " · ".join(part for part in (first.file, first.element) if part)
        super().__init__(count=len(self.problems), first=f"{where}：{first.text}")


class RunError(ShenpiError):
    """A case cannot go on as its diagram says: an incident, not a person's mistake."""

    message = N_("流程走不下去，请找流程管理员。")
    # The path of the element where it stopped, if that is known.
    element: str | None = None


@dataclass
class Report:
    """Collect the problems of one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, element: str, rule: str, message: str, **params: object) -> None:
        """Note a problem at an element."""
        self.problems.append(Problem(self.file, element, rule, sentence(message, **params)))

    def stop_if_wrong(self) -> None:
        """Raise PackageError when anything was noted."""
        if self.problems:
            raise PackageError(self.problems)
