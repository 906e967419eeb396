"""What every page must stand: axe, the narrowest phone, and Chinese only."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.windows import DESK, NARROWEST, PHONE, Scheme, resize

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The dark scheme changes colours alone (web/css/shenpi.css), and these rules are about colours.
COLOURS = ["color-contrast", "link-in-text-block"]
SCHEMES: dict[Scheme, tuple[str, list[str]]] = {"light": ("tag", TAGS), "dark": ("rule", COLOURS)}
# Names of formats, and the product's own file name.
ALLOWED = {"Excel", "people", "xlsx"}
# What is no sentence: codes, rules' keys, fingerprints; and the logo that a diagram's maker asks for.
_NO_WORDS = "code, kbd, .sp-code, .sp-key, .sp-hash, .bjs-powered-by"
_VISIBLE = f"""() => {{
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {{
    const parent = walker.currentNode.parentElement;
    if (parent.closest('script, style, svg, {_NO_WORDS}')) continue;
    if (parent.checkVisibility()) found.push(walker.currentNode.textContent);
  }}
  const said = ['aria-label', 'placeholder', 'title', 'alt'];
  for (const each of document.querySelectorAll('main *, nav *')) {{
    if (!each.closest('svg, .bjs-powered-by')) found.push(...said.map((name) => each.getAttribute(name) ?? ''));
  }}
  return found.join('\\n');
}}"""
# Latin words in running text; a part of an address, an e-mail or a serial number is none.
_LATIN = re.compile(r"(?<![\w@./-])[A-Za-z]{4,}(?![\w@/-]|\.\w)")


def bring_axe(page: Page) -> None:
    """Load it past the page's policy, through the driver, in a way that lets the browser compile it once."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text("utf-8") + "; undefined"})


def axe_findings(
    page: Page, kind: str = "tag", rules: Sequence[str] = TAGS, *, reads_styles: bool = False
) -> list[str]:
    """Return what axe finds; to read the style sheets, for one rule, takes it as long as all other rules together."""
    only = {"type": kind, "values": rules}
    options = json.dumps({"runOnly": only, "resultTypes": ["violations"], "preload": reads_styles})
    violations = page.evaluate(f"axe.run(document, {options}).then(result => result.violations)")
    return [f"{found['id']}: {node['html']}" for found in violations for node in found["nodes"]]


def latin_words(page: Page, known: set[str]) -> set[str]:
    words = set(_LATIN.findall(page.evaluate(_VISIBLE))) - ALLOWED - known
    # A group of a fingerprint may be four letters.
    return {word for word in words if not re.fullmatch(r"[a-f]{4}", word)}


def overflow(page: Page) -> list[str]:
    """Return what reaches beyond the right edge, where the page scrolls sideways."""
    wide: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 120))"""
    )
    return wide


def faults(page: Page, known: set[str]) -> list[str]:
    """Look at the open page in both widths and schemes, and at the narrowest."""
    found = [f"English: {word}" for word in sorted(latin_words(page, known))]
    bring_axe(page)
    for width in (DESK, PHONE):
        resize(page, width)
        for scheme, (kind, rules) in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme} {one}" for one in axe_findings(page, kind, rules)]
    resize(page, NARROWEST)
    return found + [f"{NARROWEST} {one}" for one in overflow(page)]
