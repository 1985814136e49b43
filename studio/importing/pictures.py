"""Pictures of strangers, drawn anew before anybody is shown them.

What is served has the pixels and nothing else: no place where it was taken, no thumbnail of what
was cut away, no second file behind the end. Sizes are read before a pixel is decoded.
"""

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from studio.importing.refusal import ImportRefused, refuse

FORMATS = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP", ".avif": "AVIF",
}  # fmt: skip
READ = tuple(sorted(set(FORMATS.values())))
MAX_SIDE = 8_000
MAX_PIXELS = 40_000_000
# Of all pictures of an animation together.
MAX_MOVING = 400_000_000
QUALITY = 90
ORIENTATION = 0x0112
# What of a file's own words is needed to show it.
KEPT = ("transparency", "background", "icc_profile", "duration", "loop", "gamma")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, struct.error, zlib.error)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)
UNREADABLE = "The picture cannot be read."
TOO_LARGE = "The picture has more than 8,000 pixels a side or 40 megapixels."


def is_picture(ending: str) -> bool:
    """Whether files with this ending are drawn anew."""
    return ending in FORMATS


def drawn_anew(data: bytes, ending: str, path: str) -> bytes:
    """The same picture without anything else, in the format of its ending.

    Raises ImportRefused with one sentence.
    """
    try:
        with Image.open(io.BytesIO(data), formats=READ) as image:
            if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
                raise refuse(TOO_LARGE, path)
            frames = getattr(image, "n_frames", 1)
            if frames > 1 and frames * image.width * image.height > MAX_MOVING:
                raise refuse("The animation has too many pictures.", path)
            return _saved(image, FORMATS[ending], frames, data)
    except ImportRefused:
        raise
    except BOMBS as error:
        raise refuse(TOO_LARGE, path) from error
    except BROKEN as error:
        raise refuse(UNREADABLE, path) from error


def _saved(image: Image.Image, wanted: str, frames: int, data: bytes) -> bytes:
    options = _options(image, wanted, data)
    out = io.BytesIO()
    if frames > 1 and wanted != "JPEG":
        moments = [_moment(frame) for frame in ImageSequence.Iterator(image)]
        image.seek(0)
        _forget(image)
        if any(moments):
            options["duration"] = moments
        image.save(out, wanted, save_all=True, **options)
        return out.getvalue()
    image.load()
    if image.getexif().get(ORIENTATION, 1) != 1:
        turned: Image.Image = ImageOps.exif_transpose(image)
        image, options = turned, {**options, "quality": QUALITY}
    _forget(image)
    fitting = image if wanted != "JPEG" or image.mode in {"L", "RGB", "CMYK"} else _flat(image)
    if fitting is not image and options.get("quality") == "keep":
        options["quality"] = QUALITY
    fitting.save(out, wanted, **options)
    return out.getvalue()


def _moment(frame: Image.Image) -> int:
    """For how many milliseconds a picture of an animation is shown; some know when decoded."""
    frame.load()
    return int(frame.info.get("duration", 0))


def _options(image: Image.Image, wanted: str, data: bytes) -> dict[str, Any]:
    """How it is saved: without loss where it came without."""
    profile = {"icc_profile": image.info["icc_profile"]} if image.info.get("icc_profile") else {}
    if wanted == "JPEG":
        return {"quality": "keep" if image.format == "JPEG" else QUALITY, **profile}
    if wanted == "WEBP":
        return {"lossless": image.format != "JPEG" and not _is_lossy(image, data), "quality": 80}
    if wanted == "AVIF":
        return {"quality": QUALITY, "speed": 8}
    return {}


def _is_lossy(image: Image.Image, data: bytes) -> bool:
    return image.format == "AVIF" or (image.format == "WEBP" and b"VP8L" not in data[:4_096])


def _forget(image: Image.Image) -> None:
    """Drop what the file says beside its pixels: comments, places, cameras, thumbnails."""
    known: Mapping[Any, Any] = image.info
    image.info = {name: known[name] for name in KEPT if name in known}


def _flat(image: Image.Image) -> Image.Image:
    """On white: this format knows no transparency."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear.getchannel("A"))
    return flat
