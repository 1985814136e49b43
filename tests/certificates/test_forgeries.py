"""What is altered in a credential, anywhere and in whatever way, is noticed."""

import base64
import json
from copy import deepcopy

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates import actions, credentials, keys
from certificates.credentials import signed, verify
from certificates.errors import NotGenuine
from certificates.models import SigningKey
from courses.models import Course
from tests.certificates.builders import certify
from tests.conftest import make_course


@pytest.fixture
def token(ada, course):
    return signed(certify(ada, course))


def read(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def write(said):
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def is_genuine(token):
    try:
        verify(token)
    except NotGenuine:
        return False
    return True


def places_in(said, path=()):
    """The way to each value in it, however deep: objects and lists among them."""
    if path:
        yield path
    inner = said.items() if isinstance(said, dict) else enumerate(said)
    for key, value in inner:
        if isinstance(value, (dict, list)):
            yield from places_in(value, (*path, key))
        else:
            yield (*path, key)


def altered(said, path, change):
    """A copy in which the value at that place is another one, or gone."""
    copy = deepcopy(said)
    *way, last = path
    place = copy
    for key in way:
        place = place[key]
    if change == "gone":
        del place[last]
    elif change == "null":
        place[last] = None
    else:
        place[last] = f"{place[last]}x"
    return copy


@pytest.mark.parametrize("change", ["other", "null", "gone"])
def test_every_claim_is_held_by_the_signature(token, change):
    header, payload, signature = token.split(".")
    said = read(payload)
    assert is_genuine(f"{header}.{payload}.{signature}")
    places = list(places_in(said))
    assert {path[-1] for path in places} >= {
        "iss", "jti", "nbf", "sub", "validFrom", "awardedDate", "identityHash", "narrative", "name",
        "url", "description", "credentialStatus", "evidence", "issuer", "@context", "type",
    }  # fmt: skip
    for path in places:
        forged = altered(said, path, change)
        assert forged != said
        assert not is_genuine(f"{header}.{write(forged)}.{signature}"), path


def test_nothing_can_be_added_or_put_in_another_order(token):
    header, payload, signature = token.split(".")
    said = read(payload)
    for forged in (
        {**said, "exp": 1},
        dict(reversed(said.items())),
        {**said, "name": said["name"]},
    ):
        text = json.dumps(forged, indent=1).encode()
        assert not is_genuine(f"{header}.{write(text)}.{signature}")


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": ["EdDSA"]},
        {"alg": 5},
        {"alg": None},
        {"kid": ""},
        {"kid": None},
        {"kid": ["x"]},
        {"kid": "../../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"kid": "\x00"},
        {"kid": "00000000-0000-7000-8000-000000000000"},
        {"typ": "at+jwt"},
        {"crit": ["b64"], "b64": False},
        {"jwk": {"kty": "oct", "k": "eA"}},
    ],
    ids=str,
)
def test_every_field_of_the_header_is_held_too(token, change):
    header, payload, signature = token.split(".")
    assert not is_genuine(f"{write({**read(header), **change})}.{payload}.{signature}")
    assert not is_genuine(f"{write({**read(header), **change})}.{payload}.")


@pytest.mark.parametrize(
    "header", [b"[" * 100_000, b'{"a":' * 50_000, b"9" * 5000, b"[]", b"NaN", b"\xff", b""],
    ids=lambda text: repr(text[:5]),
)  # fmt: skip
def test_a_header_that_is_no_object_is_refused(token, header):
    assert not is_genuine(f"{write(header)}.{token.partition('.')[2]}")


def test_a_key_that_a_stranger_brings_along_is_not_asked(token):
    header, payload, _ = token.split(".")
    stranger = Ed25519PrivateKey.generate()
    x = base64.urlsafe_b64encode(stranger.public_key().public_bytes_raw()).rstrip(b"=").decode()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": x}
    own = read(header)["kid"]
    for kid in (own, f"https://stranger.example/{own.rpartition('/')[2]}", "stranger"):
        for extra in ({"jwk": jwk}, {"jku": "https://stranger.example/keys.json"}, {}):
            headers = {"kid": kid, **extra}
            assert not is_genuine(jwt.encode(read(payload), stranger, "EdDSA", headers=headers))


def test_one_of_our_keys_proves_nothing_under_the_name_of_another(token):
    header, payload, signature = token.split(".")
    older, newer = SigningKey.objects.get(), keys.rotate()
    under_newer = {**read(header), "kid": keys.address_of(newer)}
    assert not is_genuine(f"{write(under_newer)}.{payload}.{signature}")
    private = keys.private_half(newer)
    headers = {"kid": keys.address_of(older)}
    assert not is_genuine(jwt.encode(read(payload), private, "EdDSA", headers=headers))
    assert is_genuine(token)


def test_parts_of_two_genuine_ones_make_no_third(token, bob):
    header, payload, signature = token.split(".")
    _, other, theirs = signed(certify(bob, make_course("second"))).split(".")
    assert not is_genuine(f"{header}.{other}.{signature}")
    assert not is_genuine(f"{header}.{payload}.{theirs}")


def test_what_was_signed_stands_when_all_that_it_was_made_of_is_another(
    ada, course, client, monkeypatch, settings
):
    """Title, name, school, address, and the form of the credential itself."""
    certificate = certify(ada, course)
    token = signed(certificate)
    said = verify(token)
    Course.objects.update(title="Renamed", summary="Renamed", slug="renamed")
    ada.name = "Renamed"
    ada.save()
    settings.SITE_NAME, settings.SITE_URL = "Another school", "https://another.example"
    monkeypatch.setattr(credentials, "CONTEXT", ["https://another.example/v3"])
    monkeypatch.setattr(credentials, "credential_of", lambda one: {"issuer": "another"})
    certificate.refresh_from_db()
    assert signed(certificate) == token
    assert verify(token) == said
    assert client.get(f"/certificates/{certificate.code}.jwt").content.decode() == token
    page = client.post("/certificates/check/", {"credential": token}).content.decode()
    assert "Genuine, and it stands." in page
    assert "Python from zero" in page
    assert "Renamed" not in page


def test_a_corrected_name_is_signed_anew_and_the_older_one_is_said_to_be_replaced(
    ada, course, client
):
    older = certify(ada, course)
    token = signed(older)
    newer = actions.correct_name(older, "Ada Lovelace", ada)
    assert signed(newer) != token
    assert verify(token)["credentialSubject"]["identifier"][0]["identityHash"] == "Ada"
    page = client.post("/certificates/check/", {"credential": token}).content.decode()
    assert "Genuine, but replaced." in page
