import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.serial import (
    ALPHABET,
    CODE_LENGTH,
    Serial,
    grouped_code,
    parse_code,
    parse_serial,
    verification_code,
)


def test_writes_a_serial():
    assert str(Serial("BX", "SF01", 2026, 318)) == "BX-SF01-2026-0318"
    assert str(Serial("BX", "SF01", 2026, 12345)) == "BX-SF01-2026-12345"


@given(
    st.from_regex(r"[A-Z]{1,8}", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{1,16}", fullmatch=True),
    st.integers(1, 10**6),
)
def test_reads_what_it_writes(process, organization, number):
    serial = Serial(process, organization, 2026, number)
    assert parse_serial(str(serial)) == serial
    assert parse_serial(f" {serial} ".lower()) == serial


@pytest.mark.parametrize("text", ["", "BX-2026-0318", "BX-SF01-26-0318", "BX-SF01-2026-318", "BX-SF01-2026-0318-1"])
def test_refuses_other_serials(text):
    with pytest.raises(ValueError, match="not a serial number"):
        parse_serial(text)


def test_draws_codes_that_nobody_can_guess_or_misread():
    codes = {verification_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01OIL") & set(ALPHABET)


def test_reads_a_code_as_printed():
    code = verification_code()
    assert len(grouped_code(code).split("-")) == 4
    assert parse_code(f" {grouped_code(code).lower()} ") == code


@pytest.mark.parametrize("text", ["", "ABCD", "A" * 17, "0" * 16])
def test_refuses_other_codes(text):
    with pytest.raises(ValueError, match="not a verification code"):
        parse_code(text)
