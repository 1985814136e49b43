"""A credential proves itself, and nothing else proves like it."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.core.management import call_command

from certificates import actions, keys
from certificates.credentials import credential_of, criteria_of, revocation_list, signed, verify
from certificates.errors import NotGenuine
from certificates.models import SigningKey
from courses.models import Course
from tests.certificates.builders import DAY, certify


@pytest.fixture
def certificate(ada, course):
    return certify(ada, course)


@pytest.fixture
def token(certificate):
    return signed(certificate)


def parts_of(token):
    return [
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        for part in token.split(".")[:2]
    ]


def put_together(header, payload, signature=b""):
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_an_unaltered_credential_verifies_and_says_what_the_standard_asks_for(token, certificate):
    said = verify(token)
    assert said["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["id"] == f"urn:uuid:{certificate.pk}"
    assert said["validFrom"] == "2026-03-12T22:30:00Z"
    assert said["issuer"]["type"] == ["Profile"]
    subject = said["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert [(one["identityType"], one["identityHash"]) for one in subject["identifier"]] == [
        ("name", "Ada")
    ]
    achievement = subject["achievement"]
    assert achievement["type"] == ["Achievement"]
    assert achievement["name"] == "Python from zero"
    assert achievement["description"]
    assert achievement["criteria"] == {"narrative": "All 3 required lessons."}
    assert said["credentialStatus"]["type"] == "1EdTechRevocationList"


def test_the_token_is_of_the_form_that_the_standard_asks_for(token):
    header, payload = parts_of(token)
    assert header == {
        "alg": "EdDSA", "typ": "JWT", "kid": keys.address_of(SigningKey.objects.get()),
    }  # fmt: skip
    assert payload["iss"] == payload["issuer"]["id"]
    assert payload["jti"] == payload["id"]
    assert payload["sub"] == payload["credentialSubject"]["id"]
    assert payload["nbf"] == 1773354600


def test_a_credential_names_no_account(token, ada):
    text = json.dumps(parts_of(token))
    assert ada.email not in text
    assert str(ada.pk) not in text


def test_it_verifies_after_course_and_person_changed_their_names(token, certificate, ada, settings):
    settings.SITE_NAME = "Another school"
    Course.objects.update(title="Another", summary="Another", slug="another")
    ada.name = "Another"
    ada.save()
    certificate.refresh_from_db()
    assert signed(certificate) == token
    assert verify(token)["credentialSubject"]["achievement"]["name"] == "Python from zero"


def test_one_changed_character_anywhere_is_noticed(token):
    for place in range(0, len(token) - 1, 7):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(NotGenuine):
            verify(token[:place] + other + token[place + 1 :])


def test_another_key_proves_nothing_even_under_our_keys_name(token):
    header, payload = parts_of(token)
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(NotGenuine):
        verify(jwt.encode(payload, stranger, algorithm="EdDSA", headers={"kid": header["kid"]}))
    with pytest.raises(NotGenuine):
        verify(jwt.encode(payload, stranger, algorithm="EdDSA"))


@pytest.mark.parametrize("name", ["none", "None", "nOnE", ""])
def test_no_signature_is_no_proof(token, name):
    header, payload = parts_of(token)
    with pytest.raises(NotGenuine):
        verify(put_together({**header, "alg": name}, payload))


def test_our_public_key_is_nobodys_secret(token):
    header, payload = parts_of(token)
    public = bytes(SigningKey.objects.get().public)
    forged = jwt.encode(payload, public, algorithm="HS256", headers={"kid": header["kid"]})
    with pytest.raises(NotGenuine):
        verify(forged)


def test_another_algorithm_is_refused(token):
    header, payload = parts_of(token)
    rsa = generate_private_key(65537, 2048)
    with pytest.raises(NotGenuine):
        verify(jwt.encode(payload, rsa, algorithm="RS256", headers={"kid": header["kid"]}))


@pytest.mark.parametrize("text", ["", "a.b.c", "a" * 10_000, "{}", "\x00", "é.é.é"])
def test_what_is_no_token_is_refused(db, text):
    with pytest.raises(NotGenuine):
        verify(text)


def test_claims_that_contradict_the_credential_are_refused(token):
    header, payload = parts_of(token)
    private = keys.signer()[1]
    for change in ({"jti": "urn:uuid:other"}, {"sub": "x"}, {"iss": "https://x"}, {"nbf": 1}):
        forged = jwt.encode({**payload, **change}, private, "EdDSA", headers={"kid": header["kid"]})
        with pytest.raises(NotGenuine):
            verify(forged)


def test_old_credentials_are_proven_after_the_key_changed(token, ada, course, bob):
    call_command("certificate_keys", "--rotate")
    assert SigningKey.objects.count() == 2
    newer = signed(certify(bob, course))
    assert parts_of(newer)[0]["kid"] != parts_of(token)[0]["kid"]
    assert verify(token)
    assert verify(newer)
    assert {parts_of(one)[0]["kid"] for one in (token, newer)} == {
        key["kid"] for key in keys.key_set()["keys"]
    }


def test_another_secret_key_makes_another_signing_key_and_unproves_nothing(
    token, bob, course, settings
):
    settings.SECRET_KEY = "another secret, as after a move to another machine"
    newer = signed(certify(bob, course))
    assert SigningKey.objects.filter(retired_at=None).count() == 1
    assert SigningKey.objects.count() == 2
    assert verify(token)
    assert verify(newer)


def test_a_secret_key_that_was_kept_as_a_fallback_still_opens_the_key(token, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"
    keys.signer()
    assert SigningKey.objects.count() == 1


def test_a_stored_key_shows_no_private_half(token):
    key = SigningKey.objects.get()
    half = keys.private_half(key).private_bytes_raw()
    assert half not in bytes(key.private)
    assert "d" not in keys.jwk_of(key)


def test_what_was_achieved_is_told_as_it_was(certificate, bob, root, course):
    by_hand = actions.issue(bob, course, DAY, by=root)[0]
    assert credential_of(by_hand)["credentialSubject"]["achievement"]["criteria"] == {
        "narrative": "The school issued it by hand."
    }
    said = {**certificate.snapshot, "lessons": 0}
    assert criteria_of(said) == "All that the course asked for on the day."
    said |= {"lessons": 1, "quizzes": 1}
    assert criteria_of(said) == "The one required lesson, of which 1 quiz had to be passed."


def test_the_day_s_address_is_signed(certificate, settings):
    settings.SITE_URL = "https://moved.example"
    [check] = credential_of(certificate)["evidence"]
    assert check["id"] == certificate.printed_address
    assert not check["id"].startswith("https://moved.example")
    assert certificate.link == f"https://moved.example{certificate.get_absolute_url()}"


def test_programs_are_told_what_is_not_good_any_more_without_a_code(ada, bob, root, course):
    gone, replaced = certify(ada, course), certify(bob, course)
    assert revocation_list()["revokedCredential"] == []
    actions.revoke(gone, root, "A mistake.")
    newer = actions.correct_name(replaced, "Robert", bob)
    told = revocation_list()["revokedCredential"]
    assert [(one["id"], one["revocationReason"]) for one in told] == [
        (f"urn:uuid:{gone.pk}", "Revoked"),
        (f"urn:uuid:{replaced.pk}", "Replaced"),
    ]
    text = json.dumps(told)
    assert not [one for one in (gone, replaced, newer) if one.code in text]
    assert "A mistake" not in text
