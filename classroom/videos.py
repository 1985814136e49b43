"""Video addresses: two hosts are known, the player's address is built here and never taken over."""

import re
from dataclasses import dataclass

YOUTUBE = re.compile(
    r"https://(?:www\.)?(?:youtube\.com/watch\?v=|youtu\.be/|youtube-nocookie\.com/embed/)"
    r"([A-Za-z0-9_-]{11})$"
)
VIMEO = re.compile(r"https://(?:player\.)?vimeo\.com/(?:video/)?(\d{5,12})$")


@dataclass(frozen=True)
class Video:
    """Where a lesson's video is: a page of its own, and a player to put in ours."""

    page: str
    player: str


def video_at(address: str) -> Video | None:
    """Return the video of a known host, or None: a file of the course, or nothing we would show."""
    if found := YOUTUBE.match(address):
        player = f"https://www.youtube-nocookie.com/embed/{found[1]}?autoplay=1"
        return Video(f"https://www.youtube.com/watch?v={found[1]}", player)
    if found := VIMEO.match(address):
        player = f"https://player.vimeo.com/video/{found[1]}?autoplay=1"
        return Video(f"https://vimeo.com/{found[1]}", player)
    return None
