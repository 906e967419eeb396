import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import ALGORITHMS, canonical, chain, content_hash, fingerprint, mould

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


def test_sorts_keys_and_writes_utf8():
    assert canonical({"b": 1, "a": ["审批", None, True]}) == '{"a":["审批",null,true],"b":1}'.encode()


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES))
def test_the_order_of_keys_does_not_matter(value):
    turned = dict(reversed(value.items()))
    assert content_hash(value) == content_hash(turned)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [float("-inf")]}, "\ud800"])
def test_refuses_values_that_json_cannot_hold(value):
    with pytest.raises(ValueError, match=r"JSON compliant|surrogates"):
        canonical(value)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": [{None: 1}]}, {"a": {1, 2}}, b"x"])
def test_refuses_types_that_json_cannot_hold(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_hashes_with_sha256():
    assert content_hash([]) == hashlib.sha256(b"[]").hexdigest()


def test_shortens_a_hash_for_the_eye():
    assert fingerprint("3f9a27c188d04be5" + "0" * 48) == "3f9a 27c1 88d0 4be5"


def test_chains_entries():
    first = chain("", {"action": "start"})
    assert first != chain(first, {"action": "start"})
    assert first != chain("", {"action": "stop"})
    assert first == chain("", {"action": "start"}, "sha256")


def test_an_entry_is_chained_in_the_form_that_both_have_together():
    entry = {"action": "start", "details": {"名": "审批"}}
    assert chain("a", entry) == content_hash({"previous": "a", "entry": entry})


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES, min_size=1), st.data())
def test_a_mould_gives_the_one_form(value, data):
    differing = data.draw(st.sets(st.sampled_from(sorted(value))))
    same = {name: member for name, member in value.items() if name not in differing}
    members = tuple(canonical(value[name]) for name in sorted(differing))
    assert mould(same, differing) % members == canonical(value)


def test_the_algorithm_is_a_setting():
    assert content_hash([], "sha512") == hashlib.sha512(b"[]").hexdigest()
    assert "sm3" in ALGORITHMS
    with pytest.raises(ValueError, match="md5"):
        chain("", {}, "md5")
