"""What is wrong with a form's definition."""

from dataclasses import dataclass

from app.domain.text import Sentence


@dataclass(frozen=True)
class FormProblem:
    """One thing that keeps a form from being published."""

    component: str
    rule: str
    sentence: Sentence


class FormError(Exception):
    """Refuse a form definition, with every problem found in it."""

    def __init__(self, problems: tuple[FormProblem, ...]) -> None:
        super().__init__("\n".join(f"{problem.component}: {problem.sentence}" for problem in problems))
        self.problems = problems


class Wrong(Exception):
    """Refuse one submitted value."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.chinese())
        self.sentence = sentence
