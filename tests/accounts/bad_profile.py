"""Builders of the rows PA."""

import io
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.accounts.bad import World, row
from tests.accounts.conftest import PASSWORD

PROFILE, AVATAR = "/settings/profile/", "/settings/profile/avatar/"


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def upload(w: World, data: bytes, name: str = "me.png") -> Any:
    w.client.force_login(w.bob)
    return w.post(AVATAR, {"avatar": SimpleUploadedFile(name, data, "image/png")})


def refused(w: World, *files: bytes) -> list[Any]:
    answers = [upload(w, data) for data in files]
    w.bob.profile.refresh_from_db()
    assert not w.bob.profile.avatar
    assert not Path(settings.MEDIA_ROOT).exists() or not list(Path(settings.MEDIA_ROOT).iterdir())
    return answers


def stored(w: World) -> bytes:
    w.bob.profile.refresh_from_db()
    name = w.bob.profile.avatar.name
    assert name.startswith("avatars/")
    assert name.endswith(".webp")
    with default_storage.open(name) as file:
        return bytes(file.read())


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png_that_says(width: int, height: int) -> bytes:
    """A few hundred bytes with a header that promises a wall of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@row("PA01")
def pa01(w: World) -> Any:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    return refused(w, svg, b'<?xml version="1.0"?>' + svg)


@row("PA02")
def pa02(w: World) -> Any:
    others = (b"<!doctype html><p>", b"%PDF-1.7\n", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"8BPS\0\1")
    return refused(w, *others, picture("GIF"), picture("BMP"))


@row("PA03")
def pa03(w: World) -> Any:
    answer = upload(w, picture() + b"<script>alert(1)</script>", "me.html")
    assert b"script" not in stored(w)
    return answer


@row("PA04")
def pa04(w: World) -> Any:
    return refused(w, png_that_says(19200, 19200), png_that_says(12000, 12000))


@row("PA05")
def pa05(w: World) -> Any:
    return refused(w, picture(size=(4097, 1)), picture("WEBP", (1, 4097)))


@row("PA06")
def pa06(w: World) -> Any:
    before = set(Path(tempfile.gettempdir()).glob("*.upload*"))
    answers = refused(w, picture() + b"\0" * 6 * 1024 * 1024)
    assert set(Path(tempfile.gettempdir()).glob("*.upload*")) <= before
    return answers


@row("PA07")
def pa07(w: World) -> Any:
    answers = []
    for name in ("../../../etc/cron.d/me.png", "me.png\x00.php", "me.php", "m" * 5000 + ".png"):
        answers.append(upload(w, picture(), name))
        assert Image.open(io.BytesIO(stored(w))).size == (256, 256)
    kept = [path.name for path in (Path(settings.MEDIA_ROOT) / "avatars").iterdir()]
    assert len(kept) == 1
    return answers


@row("PA08")
def pa08(w: World) -> Any:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "at home"
    answer = upload(w, picture("JPEG", exif=exif), "me.jpg")
    assert not Image.open(io.BytesIO(stored(w))).getexif()
    assert b"at home" not in stored(w)
    return answer


@row("PA09")
def pa09(w: World) -> Any:
    w.client.force_login(w.bob)
    return [w.post(AVATAR, {}), w.post(AVATAR, {"avatar": "no file"})]


@row("PA10")
def pa10(w: World) -> Any:
    whole = picture()
    wrong = bytearray(whole)
    wrong[-20] ^= 0xFF
    return refused(w, b"", whole[: len(whole) // 2], bytes(wrong), picture("JPEG")[:300])


def profile(**changes: Any) -> dict[str, Any]:
    return {"name": "Bob", "handle": "bob-b", **changes}


def unchanged(w: World, *forms: dict[str, Any]) -> list[Any]:
    """Each form is refused and the profile stays as it was."""
    w.client.force_login(w.bob)
    before = User.objects.filter(pk=w.bob.pk).values("name", "profile__handle", "profile__bio")
    rows = list(before)
    answers = [w.post(PROFILE, form) for form in forms]
    assert list(before.all()) == rows
    return answers


@row("PA11")
def pa11(w: World) -> Any:
    links = (
        {"website": "javascript:alert(1)"},
        {"website": "data:text/html,x"},
        {"website": "ftp://example.org/"},
        {"github": "https://evil.example/github.com"},
        {"github": "https://github.com.evil.example/bob"},
        {"mastodon": "http://127.0.0.1/@bob"},
    )
    return unchanged(w, *(profile(**link) for link in links))


@row("PA13")
def pa13(w: World) -> Any:
    upload(w, picture())
    w.bob.profile.refresh_from_db()
    url = w.bob.profile.avatar_url
    answer = Client().get(url)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in answer["Cache-Control"]
    assert answer.content[:4] == b"RIFF"
    for name in ("../../lms/settings.py", "..%2fsecret.webp", "x.svg", "a" * 90 + ".webp"):
        assert Client().get(f"/people/avatars/{name}").status_code == 404
    return answer


@row("PA14")
def pa14(w: World) -> Any:
    other = User.objects.create_user("eve@example.org", name="Eve")
    w.client.force_login(w.bob)
    ids = {"user": other.pk, "user_id": other.pk, "id": other.profile.pk, "profile": other.pk}
    answer = w.post(PROFILE, profile(name="Bob", bio="mine", **ids))
    other.profile.refresh_from_db()
    assert (other.profile.bio, other.profile.handle) == ("", None)
    return answer


@row("PA15")
def pa15(w: World) -> Any:
    w.client.force_login(w.bob)
    zones = ("Mars/Base", "../../etc/passwd", "Europe/Vienna\x00", "europe/vienna", "x" * 9000)
    answers = [w.post("/settings/time/", {"timezone": zone}) for zone in zones]
    w.bob.refresh_from_db()
    assert w.bob.timezone == "UTC"
    return answers


@row("PA17")
def pa17(w: World) -> Any:
    w.client.force_login(w.bob)
    answers = [
        w.post("/settings/appearance/", {"theme": theme, "is_staff": "1"})
        for theme in ("pink", "light,dark")
    ]
    w.bob.profile.refresh_from_db()
    assert w.bob.profile.preferences == {}
    return answers


@row("PA18")
def pa18(w: World) -> Any:
    other = User.objects.create_user("eve@example.org", name="Eve")
    other.profile.handle = "evelyn"
    other.profile.save()
    handles = ("admin", "api", "\u0410dmin", "Evelyn", "adm1n", "a-d-m-i-n", "ad\u200bmin")
    return unchanged(w, *(profile(handle=handle) for handle in handles))


@row("PA19")
def pa19(w: World) -> Any:
    other = User.objects.create_user("eve@example.org", PASSWORD, name="Eve")
    other.emailaddress_set.create(email=other.email, verified=True, primary=True)
    hers = Client()
    hers.post("/accounts/login/", {"login": other.email, "password": PASSWORD})
    session = UserSession.objects.get(user=other)
    w.client.force_login(w.bob)
    wanted = (str(session.pk), "x", "9" * 40, "-1", "")
    answers = [w.post("/settings/sessions/", {"end": one}) for one in wanted]
    assert hers.get(PROFILE).status_code == 200
    return answers


@row("PA20")
def pa20(w: World) -> Any:
    bio = "<img src=x onerror=alert(1)>\n[me](javascript:alert(1))"
    w.client.force_login(w.bob)
    answer = w.post(PROFILE, profile(bio=bio, is_public="on"))
    w.bob.profile.refresh_from_db()
    assert w.bob.profile.bio == bio
    page = Client().get("/people/bob-b/").content.decode()
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    return answer
