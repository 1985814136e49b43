"""Video addresses: two hosts are known, the player's address is built here and never taken over."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from courses.links import asset_address

YOUTUBE = {
    "youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be",
    "youtube-nocookie.com", "www.youtube-nocookie.com",
}  # fmt: skip
VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
VIMEO_ID = re.compile(r"[0-9]{5,12}")
# Vimeo shows an unlisted video only to those who know this word of its address.
VIMEO_WORD = re.compile(r"[0-9a-f]{6,20}")
WANTED = "Use an address of a YouTube or Vimeo video, or a file of the course."


@dataclass(frozen=True)
class Video:
    """Where a lesson's video is: a page of its own, and a player to put in ours."""

    page: str
    player: str


def video_at(address: str) -> Video | None:
    """Return the video of a known host, or None: a file of the course, or nothing we would show."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host, path = parts.netloc.lower(), parts.path.strip("/").split("/")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "https" and host in YOUTUBE:
        return _youtube(host, path, query)
    if parts.scheme == "https" and host in VIMEO:
        return _vimeo(path, query)
    return None


def is_shown(address: str, course: str) -> bool:
    """Whether a page of the course with this slug can show what is there."""
    files = asset_address(course, "")
    return (address.startswith(files) and address != files) or video_at(address) is not None


def _youtube(host: str, path: list[str], query: dict[str, str]) -> Video | None:
    match path:
        case [key] if host == "youtu.be":
            pass
        case ["watch"]:
            key = query.get("v", "")
        case ["embed" | "live" | "shorts", key]:
            pass
        case _:
            return None
    if not YOUTUBE_ID.fullmatch(key):
        return None
    player = f"https://www.youtube-nocookie.com/embed/{key}?autoplay=1"
    return Video(f"https://www.youtube.com/watch?v={key}", player)


def _vimeo(path: list[str], query: dict[str, str]) -> Video | None:
    match path:
        case ["video", key] | [key]:
            word = query.get("h", "")
        case [key, word]:
            pass
        case _:
            return None
    if not VIMEO_ID.fullmatch(key):
        return None
    if not word:
        return Video(f"https://vimeo.com/{key}", f"https://player.vimeo.com/video/{key}?autoplay=1")
    if not VIMEO_WORD.fullmatch(word):
        return None
    player = f"https://player.vimeo.com/video/{key}?h={word}&autoplay=1"
    return Video(f"https://vimeo.com/{key}/{word}", player)
