"""Errors that a person may see; the views turn each into a page or a problem document."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from app.domain.text import N_, Sentence, sentence

if TYPE_CHECKING:
    from app.domain.rules import Clause


class ShenpiError(Exception):
    """Carry one sentence for the person whose request failed."""

    message: ClassVar[str] = N_("没有办成，请稍后再试。")

    def __init__(self, message: str | None = None, **params: object) -> None:
        self.sentence: Sentence = sentence(message or self.message, **params)
        super().__init__(self.sentence.chinese())


class Unauthenticated(ShenpiError):
    """The request names nobody, or proves it badly."""

    message = N_("请先登录。")


class Forbidden(ShenpiError):
    """The person sees the thing but may not do this with it."""

    message = N_("这件事您不能办理。需要的话请找本单位的流程管理员。")


class NotFound(ShenpiError):
    """The thing does not exist, or the person may not know that it does."""

    message = N_("没有找到，或者您不能看。需要的话请找本单位的流程管理员。")


class Conflict(ShenpiError):
    """The thing is in a state that does not allow the act."""

    message = N_("现在不能这样办。")


class Stale(Conflict):
    """The thing changed since the person saw it."""

    message = N_("这件事刚才有变动，请刷新页面看最新内容，再办理。")


class Outdated(Conflict):
    """What the person answered rests on what an operation found, which no longer holds: it must find it anew."""

    def __init__(self, message: str, operation: str) -> None:
        super().__init__(message)
        self.operation = operation


class TooLarge(ShenpiError):
    """The body or file is larger than allowed."""

    message = N_("文件太大。")


class Throttled(ShenpiError):
    """Too many attempts; `retry_after_s` is in seconds."""

    message = N_("试的次数太多，请 %(minutes)d 分钟后再试。")

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=max(1, -(-retry_after_s // 60)))
        self.retry_after_s = retry_after_s


class Invalid(ShenpiError):
    """Values are wrong; `errors` says what, by field path such as `items.0.amount`."""

    message = N_("有内容需要改，请看标出的地方。")

    def __init__(self, errors: Mapping[str, Sequence[Sentence]], message: str | None = None) -> None:
        super().__init__(message)
        self.errors: dict[str, list[Sentence]] = {path: list(found) for path, found in errors.items()}

    @classmethod
    def field(cls, path: str, message: str, **params: object) -> "Invalid":
        """Build the error of a single field."""
        return cls({path: [sentence(message, **params)]})


class Refused(Invalid):
    """A rule refuses; `clause` is where it comes from, `parameter` the rule's key."""

    def __init__(
        self,
        errors: Mapping[str, Sequence[Sentence]],
        *,
        parameter: str | None = None,
        clause: "Clause | None" = None,
    ) -> None:
        super().__init__(errors)
        self.parameter = parameter
        self.clause = clause
