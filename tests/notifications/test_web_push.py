"""Writing for one browser alone, held against the examples of RFC 8291 and RFC 8292."""

from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from notifications import vapid, web_push
from notifications.web_push import CURVE, BadKeys, decode, encode, encrypt, point, read_keys
from tests.doubles.push_service import Browser

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
THEIRS = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
# RFC 8292, section 2.4.
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0"
    "NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCG"
    "SK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
)
SIGNER = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def private(text):
    return ec.derive_private_key(int.from_bytes(decode(text)), CURVE)


def test_the_example_of_the_standard_is_written_as_it_stands_there():
    body = encrypt(PLAIN, P256DH, AUTH, salt=decode(SALT), key=private(OURS))
    assert encode(body) == BODY


def test_the_browser_of_the_example_opens_it():
    browser = Browser("https://push.example", private(THEIRS), decode(AUTH))
    assert browser.given["p256dh"] == P256DH
    assert browser.open(decode(BODY)) == PLAIN


def test_no_two_messages_are_sealed_alike():
    browser = Browser("https://push.example")
    given = browser.given
    bodies = [encrypt(PLAIN, given["p256dh"], given["auth"]) for _ in range(2)]
    assert bodies[0][:86] != bodies[1][:86]
    assert [browser.open(body) for body in bodies] == [PLAIN, PLAIN]


def test_only_what_fits_one_record_is_sealed():
    given = Browser("https://push.example").given
    assert len(encrypt(b"x" * web_push.MOST, given["p256dh"], given["auth"])) == web_push.RECORD
    with pytest.raises(ValueError, match="bytes at most"):
        encrypt(b"x" * (web_push.MOST + 1), given["p256dh"], given["auth"])


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        ("no key", AUTH),
        (P256DH[:-4], AUTH),
        (f"{P256DH[:-4]}AAAA", AUTH),
        (encode(b"\x04" + bytes(64)), AUTH),
        (encode(b"\x00"), AUTH),
        (P256DH, ""),
        (P256DH, AUTH[:-2]),
        (P256DH, "ü" * 22),
        (P256DH, "a"),
    ],
)
def test_what_is_no_key_is_refused(p256dh, auth):
    with pytest.raises(BadKeys):
        read_keys(p256dh, auth)


def test_keys_may_be_padded():
    assert read_keys(f"{P256DH}=", f"{AUTH}==")[1] == decode(AUTH)


def test_the_token_of_the_standard_is_proved_by_its_key():
    signer = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(SIGNER))
    options = {"verify_exp": False}
    claims = jwt.decode(
        TOKEN, signer, algorithms=["ES256"], audience="https://push.example.net", options=options
    )
    assert claims["sub"] == "mailto:push@example.com"


def test_a_token_is_for_one_service_and_for_a_while(settings):
    settings.PUSH_VAPID_PRIVATE_KEY, settings.PUSH_CONTACT = OURS, "mailto:admin@school.example"
    header = vapid.authorization("https://push.example:8443/send/abc?x=1", NOON)
    scheme, token, key = header.replace(",", "").split(" ")
    assert (scheme, key) == ("vapid", f"k={encode(point(private(OURS).public_key()))}")
    claims = jwt.decode(token.removeprefix("t="), options={"verify_signature": False})
    assert claims == {
        "aud": "https://push.example:8443",
        "exp": int(NOON.timestamp()) + 12 * 3600,
        "sub": "mailto:admin@school.example",
    }


def test_a_new_key_has_its_public_half():
    private_half = vapid.new_key()
    assert len(private_half) == 43
    assert len(decode(vapid.public_key(private_half))) == 65
    assert vapid.new_key() != private_half
