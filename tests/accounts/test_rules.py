"""Addresses, names and handles: the pure rules, for any text at all."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.emails import MAX_LENGTH, InvalidEmail, canonical_email
from accounts.names import InvalidName, clean_handle, clean_name

NEARLY_EMAILS = st.one_of(
    st.text(max_size=300),
    st.emails(),
    st.builds("{}@{}".format, st.text(max_size=70), st.text(max_size=70)),
    st.builds("a@{}.{}".format, st.text(max_size=70), st.sampled_from(["org", "\u0440\u0444"])),
)


@given(NEARLY_EMAILS)
def test_an_address_is_refused_or_plain_and_stays_as_it_is(text: str) -> None:
    try:
        email = canonical_email(text)
    except InvalidEmail:
        return
    assert email.isascii()
    assert email == email.lower() == canonical_email(email)
    assert len(email) <= MAX_LENGTH
    local, _, domain = email.rpartition("@")
    assert len(local) <= 64
    assert "." in domain
    assert not set(email) & set(' \r\n\t\0<>[]",;:\\()')


@given(st.text(max_size=120))
def test_a_name_is_refused_or_one_visible_line(text: str) -> None:
    try:
        name = clean_name(text)
    except InvalidName:
        return
    assert name == clean_name(name) == unicodedata.normalize("NFC", name)
    assert 1 <= len(name) <= 80
    assert len(name.splitlines()) == 1


@given(st.text(max_size=40))
def test_a_handle_is_refused_or_fits_an_address(text: str) -> None:
    try:
        handle = clean_handle(text)
    except InvalidName:
        return
    assert handle == clean_handle(handle)
    assert handle.isascii()
    assert set(handle) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize("handle", ["ada", "a1", "bob-b", "x" * 32, "Ada"])
def test_usual_handles_are_free(handle: str) -> None:
    assert clean_handle(handle) == handle.lower()


@pytest.mark.parametrize("email", ["ada@example.org", "o'hara+x@mail.example.co.uk", "1@x.org"])
def test_usual_addresses_pass(email: str) -> None:
    assert canonical_email(email) == email
