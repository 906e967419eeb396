"""Where a case went another way than its scenario says."""

from collections.abc import Sequence

from app.domain.errors import Invalid, ShenpiError
from app.domain.text import N_, Sentence, sentence
from app.engine.changes import Sent
from app.engine.scenarios.lateness import Coming
from app.engine.scenarios.model import ExpectedMessage, ExpectLate, ExpectSent, Refusal


class Mismatch(Exception):
    """Tell where the case went another way than the scenario says."""

    def __init__(self, message: str, **params: object) -> None:
        self.sentence: Sentence = sentence(message, **params)
        super().__init__(self.sentence.chinese())


def compare_refusal(refusal: Refusal, error: ShenpiError) -> None:
    """Compare a refusal with the one that was expected. Raises Mismatch."""
    said = explain(error)
    if refusal.text and refusal.text not in said:
        raise Mismatch(
            N_("拒绝的理由里应当有“%(wanted)s”，实际是：%(said)s"), wanted=refusal.text, said=said
        ) from error
    paths = set(error.errors) if isinstance(error, Invalid) else set()
    if refusal.paths and paths != set(refusal.paths):
        message = N_("应当在“%(wanted)s”处报错，实际是：%(said)s")
        raise Mismatch(message, wanted="、".join(refusal.paths), said=said) from error


def explain(error: ShenpiError) -> str:
    """Return everything that an error says."""
    if not isinstance(error, Invalid):
        return error.sentence.chinese()
    return " ".join(f"{path} {one}".strip() for path, found in error.errors.items() for one in found)


def compare_sent(step: ExpectSent, sent: Sequence[Sent]) -> None:
    """Compare the messages that were sent with those expected. Raises Mismatch."""
    is_as_wanted = len(sent) == len(step.messages) and all(map(_is_like, step.messages, sent))
    if not is_as_wanted:
        wanted = "、".join(f"{one.message} {one.key or ''}".strip() for one in step.messages)
        found = "、".join(f"{one.message} {one.key}" for one in sent)
        message = N_("应当发出的消息是“%(wanted)s”，实际是“%(found)s”。")
        raise Mismatch(message, wanted=wanted or N_("没有"), found=found or N_("没有"))


def compare_late(step: ExpectLate, happened: Sequence[Coming]) -> None:
    """Compare what happened to late tasks with what was expected. Raises Mismatch."""
    wanted = [f"{one.kind} {one.element} {one.word}".strip() for one in step.acts]
    found = [f"{one.kind} {one.element} {one.word}".strip() for one in happened]
    if wanted != found:
        message = N_("到期前后应当是“%(wanted)s”，实际是“%(found)s”。")
        raise Mismatch(message, wanted="、".join(wanted) or N_("没有"), found="、".join(found) or N_("没有"))


def _is_like(wanted: ExpectedMessage, sent: Sent) -> bool:
    is_named = wanted.message == sent.message and wanted.key in {None, sent.key}
    return is_named and (wanted.values is None or dict(wanted.values) == sent.payload)
