"""Amounts of money: integer fen, shown and typed in yuan."""

import re
import unicodedata

from app.domain.text import N_, Sentence, sentence

FEN_PER_YUAN = 100
MOST_YUAN = 999_999_999_999
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
GROUP_SIZE = 10_000
_AMOUNT = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?")


class NotMoney(ValueError):
    """Tell why a text is not an amount in yuan."""

    def __init__(self, sentence: Sentence) -> None:
        """Keep the sentence that a person is shown."""
        super().__init__(sentence.chinese())
        self.sentence = sentence


def yuan(fen: int) -> str:
    """Write an amount in fen as yuan with two decimals, as in 4,488.00."""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


def parse_yuan(text: str) -> int:
    """Read an amount in yuan as people type it and return fen; raises NotMoney."""
    match = _AMOUNT.fullmatch(_plain(text))
    if match is None:
        raise NotMoney(sentence(N_("请填写金额，例如 1120.00。")))
    sign, whole, decimals = match[1], match[2].replace(",", ""), match[3] or ""
    if len(decimals) > len("00"):
        raise NotMoney(sentence(N_("金额最多到分，小数点后不超过两位。")))
    if int(whole) > MOST_YUAN:
        raise NotMoney(sentence(N_("金额太大，请检查小数点。")))
    fen = int(whole) * FEN_PER_YUAN + int(decimals.ljust(2, "0"))
    return -fen if sign else fen


def capitals(fen: int) -> str:
    """Write an amount in fen in the capitals of vouchers, as in 肆仟肆佰捌拾捌元整.

    Amounts of a trillion yuan and more raise ValueError.
    """
    if fen < 0:
        return "负" + capitals(-fen)
    if fen // FEN_PER_YUAN > MOST_YUAN:
        raise ValueError(f"too much for capitals: {fen}")
    whole, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cents = divmod(rest, 10)
    text = _whole(whole) + "元" if whole or not rest else ""
    if not rest:
        return text + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (DIGITS[cents] + "分" if cents else "")


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("−", "-")
    text = re.sub(r"\s", "", text)
    return text.removeprefix("¥").removesuffix("元")


def _whole(number: int) -> str:
    if not number:
        return DIGITS[0]
    text, gap = "", False
    for index in range(len(GROUPS) - 1, -1, -1):
        group = number // GROUP_SIZE**index % GROUP_SIZE
        if group:
            # A zero is read once wherever digits are left out between two others.
            is_short = group < GROUP_SIZE // 10
            text += DIGITS[0] if text and (gap or is_short) else ""
            text += _group(group) + GROUPS[index]
        gap = not group
    return text


def _group(number: int) -> str:
    text = ""
    for place in range(len(PLACES) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += DIGITS[digit] + PLACES[place]
        elif text and not text.endswith(DIGITS[0]):
            text += DIGITS[0]
    return text.rstrip(DIGITS[0])
