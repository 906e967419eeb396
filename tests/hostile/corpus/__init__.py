"""The corpus: a table of named files, each as a hostile or hapless person might hand it over."""

from tests.hostile.corpus import (
    archives,
    decisions,
    drawings,
    encodings,
    expressions,
    foreign,
    forms,
    kinds,
    manifests,
    markup,
    scenarios,
    sizes,
)
from tests.hostile.corpus.cases import Case

CASES: tuple[Case, ...] = (
    *kinds.CASES,
    *encodings.CASES,
    *markup.CASES,
    *sizes.CASES,
    *foreign.CASES,
    *drawings.CASES,
    *expressions.CASES,
    *archives.CASES,
    *manifests.CASES,
    *forms.CASES,
    *scenarios.CASES,
    *decisions.CASES,
)
