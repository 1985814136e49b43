"""Pictures of people: checked by content, drawn anew in one size, kept under a made-up name."""

import io
import secrets
import struct
import zlib
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from accounts.models import Profile

MAX_BYTES = 2 * 1024 * 1024
MAX_SIDE = 4096
SIDE = 256

TOO_MANY_BYTES = _("File is larger than 2 MiB.")
WRONG_KIND = _("Upload a PNG, JPEG or WebP image.")
TOO_WIDE = _("Image is larger than 4096 x 4096.")
UNREADABLE = _("The image cannot be read.")

FORMATS = ("PNG", "JPEG", "WEBP")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class AvatarRefused(ValueError):
    """This file cannot become a picture; the message says why."""


class AvatarTooLarge(AvatarRefused):
    """More bytes than are read at all."""


def is_of_known_kind(head: bytes) -> bool:
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or webp


def redraw(file: BinaryIO) -> bytes:
    """Return the picture as a WebP of 256 pixels square without any metadata.

    The kind is told by the first bytes, not by the name, and the size is read from the header
    before a pixel is decoded: 10 KB can unfold to 400 MB.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise AvatarTooLarge(TOO_MANY_BYTES)
    if data and not is_of_known_kind(data[:12]):
        raise AvatarRefused(WRONG_KIND)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if max(image.size) > MAX_SIDE:
                raise AvatarRefused(TOO_WIDE)
            image.verify()  # every checksum; the file has to be opened again afterwards
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return square(image)
    except AvatarRefused:
        raise
    except BOMBS as error:
        raise AvatarRefused(TOO_WIDE) from error
    except BROKEN as error:
        raise AvatarRefused(UNREADABLE) from error


def square(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a large JPEG is decoded small at once
    upright = ImageOps.exif_transpose(image)
    drawn = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()


def set_avatar(profile: Profile, file: BinaryIO) -> None:
    """Replace the picture, or raise `AvatarRefused`. The old file goes once the row is stored."""
    content = ContentFile(redraw(file))
    with transaction.atomic():
        forget_file_after_commit(profile)
        profile.avatar.save(f"{secrets.token_urlsafe(16)}.webp", content, save=False)
        profile.save(update_fields=["avatar"])


def remove_avatar(profile: Profile) -> None:
    """Take the picture away. A second call changes nothing."""
    with transaction.atomic():
        forget_file_after_commit(profile)
        profile.avatar.name = ""
        profile.save(update_fields=["avatar"])


def forget_file_after_commit(profile: Profile) -> None:
    name, storage = profile.avatar.name, profile.avatar.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))
