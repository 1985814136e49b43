"""Reading back the mail that a demo school wrote to files instead of sending it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now

NEWEST = 50
MAX_BYTES = 512 * 1024
# Django's file backend ends each message with a line of 79 hyphens.
END = re.compile(rb"^-{79}\r?\n", re.MULTILINE)
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}(?:-[A-Z0-9]{3,4}){1,2})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class DemoMail:
    """One message as a page shows it."""

    to: str
    subject: str
    sent_at: datetime
    text: str
    page: str
    headers: Sequence[tuple[str, str]]
    key: str

    @property
    def code(self) -> str:
        """The code to type, if the mail brings one."""
        match = CODE.search(self.text)
        return match[1] if match else ""

    @property
    def html(self) -> SafeString:
        """The text, escaped; addresses of this very site are links, others are not."""
        parts, end = [], 0
        for match in ADDRESS.finditer(self.text):
            url = match[0].rstrip(".,;:!?)")
            if urlsplit(url)[:2] != urlsplit(settings.SITE_URL)[:2]:
                continue
            link = format_html('<a href="{}">{}</a>', url, url)
            parts += [(escape(self.text[end : match.start()]),), (link,)]
            end = match.start() + len(url)
        return format_html_join("", "{}", [*parts, (escape(self.text[end:]),)])


def folder() -> Path | None:
    """Where the mail lies, if it is written to files at all."""
    path = settings.MAILERS["transport"].get("OPTIONS", {}).get("file_path")
    return Path(path) if path else None


def newest_mail() -> list[DemoMail]:
    """The newest messages, newest first. A file that cannot be read is passed over."""
    where = folder()
    if where is None or not where.is_dir():
        return []
    files = sorted(where.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found: list[DemoMail] = []
    for file in files[:NEWEST]:
        if file.stat().st_size <= MAX_BYTES:
            found += [read(raw) for raw in END.split(file.read_bytes()) if raw.strip()]
    return sorted(found, key=lambda mail: mail.sent_at, reverse=True)[:NEWEST]


def read(raw: bytes) -> DemoMail:
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    body, page = message.get_body(("plain",)), message.get_body(("html",))
    try:
        sent_at = parsedate_to_datetime(message["Date"])
    except (TypeError, ValueError):
        sent_at = now()
    return DemoMail(
        to=message.get("To", ""),
        subject=message.get("Subject", ""),
        sent_at=sent_at,
        text=body.get_content() if body else "",
        page=page.get_content() if page else "",
        headers=[(name, str(value)) for name, value in message.items()],
        key=sha256(raw).hexdigest()[:32],
    )
