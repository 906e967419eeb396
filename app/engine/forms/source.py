"""A JSON object of a form, read key by key: what nobody asked for is refused."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from app.domain.text import N_, sentence
from app.engine.forms.problems import FormProblem

_MARKUP = re.compile(r"[<>`]|\{\{|\*\*|__|\]\(|!\[|^\s{0,3}(#|=|\||[-*+] |\d+\. )", re.MULTILINE)
LONGEST_TEXT = 2000


class Source:
    """Take values out of a JSON object and note what is wrong with it."""

    def __init__(self, data: Mapping[str, Any], where: str, problems: list[FormProblem], prefix: str = "") -> None:
        self.where = where
        self.problems = problems
        self._data = data
        self._prefix = prefix
        self._taken: set[str] = set()

    def refuse(self, rule: str, message: str, **params: object) -> None:
        """Note a problem of this component."""
        self.problems.append(FormProblem(self.where, rule, sentence(message, **params)))

    def take(self, *keys: str) -> Any:
        """Return the first of the keys that is there, or None."""
        self._taken.update(keys)
        return next((self._data[key] for key in keys if self._data.get(key) is not None), None)

    def text(self, *keys: str, longest: int = LONGEST_TEXT) -> str:
        """Return a plain text, or an empty one."""
        value = self.take(*keys)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > longest:
            self._wrong(keys[0], N_("“%(key)s”要写成不超过 %(limit)d 字的文字。"), limit=longest)
            return ""
        if _MARKUP.search(value):
            self._wrong(keys[0], N_("“%(key)s”只能是普通文字，请去掉 HTML、Markdown 或者以等号开头的公式。"))
        return value.strip()

    def word(self, key: str) -> str:
        """Return a short technical text as it stands, or an empty one."""
        value = self.take(key)
        if value is None or (isinstance(value, str) and len(value) <= LONGEST_TEXT):
            return value or ""
        self._wrong(key, N_("“%(key)s”要写成文字。"))
        return ""

    def flag(self, key: str) -> bool:
        """Return a boolean, false where there is none."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._wrong(key, N_("“%(key)s”要写成 true 或者 false。"))
        return False

    def whole(self, key: str, low: int, high: int) -> int | None:
        """Return a whole number within bounds, or None."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._wrong(key, N_("“%(key)s”要写成 %(low)d 到 %(high)d 之间的整数。"), low=low, high=high)
        return None

    def number(self, key: str) -> int | float | None:
        """Return a finite number, or None."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
            return value
        self._wrong(key, N_("“%(key)s”要写成数字。"))
        return None

    def one_of(self, key: str, allowed: Collection[str]) -> str | None:
        """Return a word of a closed list, or None."""
        value = self.take(key)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        self._wrong(key, N_("“%(key)s”只能是：%(allowed)s。"), allowed="、".join(sorted(allowed)))
        return None

    def words(self, key: str) -> tuple[str, ...]:
        """Return the words of a text separated by spaces."""
        return tuple(self.word(key).split())

    def section(self, key: str) -> "Source":
        """Return the object under a key, empty where there is none; finish it too."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            self._wrong(key, N_("“%(key)s”要写成一个对象 {…}。"))
        data = value if isinstance(value, dict) else {}
        return Source(data, self.where, self.problems, prefix=f"{self._prefix}{key}.")

    def objects(self, key: str) -> list[dict[str, Any]]:
        """Return the list of objects under a key."""
        value = self.take(key)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        self._wrong(key, N_("“%(key)s”要写成一列对象 [{…}, …]。"))
        return []

    def finish(self) -> None:
        """Refuse the keys that nobody took."""
        for key in sorted(set(self._data) - self._taken):
            self._wrong(key, N_("这里不支持“%(key)s”，请删去。"), rule="form-unknown-key")

    def _wrong(self, key: str, message: str, rule: str = "form-bad-value", **params: object) -> None:
        self.refuse(rule, message, key=f"{self._prefix}{key}", **params)
