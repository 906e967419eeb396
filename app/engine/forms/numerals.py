"""Figures as people type them."""

import re
import unicodedata

_FIGURE = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,6}))?")


def read_scaled(text: str, digits: int) -> int | None:
    """Read a decimal figure into units of 10^-digits; None where it is no figure or has more decimals.

    Full-width digits and points, commas between groups and a trailing 元 are understood.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("元").replace(",", "").replace(" ", "")
    match = _FIGURE.fullmatch(plain)
    if match is None:
        return None
    decimals = (match[3] or "").rstrip("0")
    if len(decimals) > digits:
        return None
    scaled = int(match[2] + decimals.ljust(digits, "0"))
    return -scaled if match[1] else scaled


def read_figure(text: str, digits: int) -> int | float | None:
    """Read a figure with at most so many decimals; None where it is none."""
    scaled = read_scaled(text, digits)
    if scaled is None or digits == 0:
        return scaled
    return scaled / 10**digits
