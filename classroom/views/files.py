"""Files of a course, and the widgets of interactive lessons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from classroom.access import readable_asset, readable_widget
from classroom.requests import learner

# What a browser may show. Everything else is handed over as a download.
SHOWN = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})$")
CHUNK = 64 * 1024
# A picture opened by itself may neither run scripts nor load anything.
ALONE: dict[str, Any] = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "sandbox": True,
}
# A widget is somebody's own page: it runs without our origin, cookies or network.
WIDGET = {
    "default-src": ["'none'"],
    "script-src": ["'unsafe-inline'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-scripts"],
}


@require_safe
@csp_override(ALONE)
def asset(request: HttpRequest, slug: str, path: str) -> HttpResponseBase:
    """A picture, video or caption of a course. Players ask for parts of a video by Range."""
    row = readable_asset(learner(request), slug, path)
    kind = SHOWN.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    answer = part_of(row.file, row.size, request.headers.get("Range", ""))
    answer["Content-Type"] = kind
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{row.sha256}"'
    answer["Cache-Control"] = "private, max-age=3600"
    if kind == "application/octet-stream":
        answer["Content-Disposition"] = "attachment"
    return answer


def part_of(file: File[bytes], size: int, wanted: str) -> StreamingHttpResponse:
    """Stream the file, or with 206 the part that a Range header asks for."""
    asked = RANGE.match(wanted)
    start = int(asked[1]) if asked else 0
    end = min(int(asked[2] or size), size - 1) if asked else size - 1
    if start > end:
        start, end, asked = 0, size - 1, None
    answer = StreamingHttpResponse(chunks(file, start, end), status=206 if asked else 200)
    answer["Content-Length"] = str(end - start + 1)
    if asked:
        answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    return answer


def chunks(file: File[bytes], start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes from `start` to `end`, both included. Opened only if somebody reads."""
    with file.open("rb") as opened:
        opened.seek(start)
        left = end - start + 1
        while left > 0 and (data := opened.read(min(CHUNK, left))):
            left -= len(data)
            yield data


@require_safe
@xframe_options_exempt
@csp_override(WIDGET)
def widget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page inside an interactive lesson's frame; the same door as its lesson."""
    answer = HttpResponse(readable_widget(learner(request), pk).widget)
    answer["Cache-Control"] = f"private, max-age={0 if settings.DEBUG else 300}"
    return answer
