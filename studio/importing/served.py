"""Which files of a course are served with it."""

import posixpath

SERVED = {
    *("svg", "png", "jpg", "jpeg", "gif", "webp", "avif"),
    *("mp4", "webm", "ogg", "mp3", "m4a", "vtt"),
    *("pdf", "txt", "csv", "json", "py", "ipynb", "sql", "toml"),
}


def is_served(path: str) -> bool:
    name = posixpath.basename(path)
    return name.rpartition(".")[2].lower() in SERVED and not name.startswith(".")
