"""Which signs a document's fonts can draw: one that none can is told by its number, never as an empty box."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from app.domain.text import visible

FONT_FILES = ("*.ttf", "*.otf")
# They choose between forms of the sign before them; fonts draw nothing for them.
_SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
_BREAKS = frozenset("\n\t")


def drawable(value: Any, folders: tuple[Path, ...]) -> Any:
    """Return JSON values with every sign that no font in the folders can draw written as 〔U+20164〕."""
    if isinstance(value, str):
        return _text(value, _drawn(folders))
    if isinstance(value, Mapping):
        return {key: drawable(child, folders) for key, child in value.items()}
    return [drawable(child, folders) for child in value] if isinstance(value, list | tuple) else value


def _text(text: str, drawn: frozenset[int]) -> str:
    if all(sign in _BREAKS or ord(sign) in drawn for sign in text):
        return text
    return "".join(_sign(sign, drawn) for sign in visible(text) if ord(sign) not in _SELECTORS)


def _sign(sign: str, drawn: frozenset[int]) -> str:
    if ord(sign) in drawn or sign in _BREAKS:
        return sign
    return f"〔U+{ord(sign):04X}〕" if sign.isprintable() else ""


@lru_cache(maxsize=4)
def _drawn(folders: tuple[Path, ...]) -> frozenset[int]:
    """Return the code points that the fonts of the folders have, read once."""
    found: set[int] = set()
    for file in (file for folder in folders for kind in FONT_FILES for file in sorted(folder.glob(kind))):
        with TTFont(file, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)
