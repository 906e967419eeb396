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

# What attacks whoever reads bytes, and what is wrong in files that can be read.
BYTES: tuple[Case, ...] = (*kinds.CASES, *encodings.CASES, *markup.CASES, *sizes.CASES, *archives.CASES)
WORDS: tuple[Case, ...] = (
    *foreign.CASES,
    *drawings.CASES,
    *expressions.CASES,
    *manifests.CASES,
    *forms.CASES,
    *scenarios.CASES,
    *decisions.CASES,
)

CASES: tuple[Case, ...] = (*BYTES, *WORDS)
