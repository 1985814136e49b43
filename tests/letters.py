"""What holds for every mail of the site, read from it as it was written."""

import html
import re
from collections import Counter

HEAD = re.compile(r"<head>.*</head>", re.DOTALL)
LINK = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
REASON = re.compile(r"^You get this because [^\n]+\.(?: [^\n]+\.)?$", re.MULTILINE)


def check(mail):
    """Both parts say the same, and why the mail came."""
    assert [one.mimetype for one in mail.alternatives] == ["text/html"], mail.subject
    text, shown = mail.body, as_text(mail.alternatives[0].content)
    assert text.startswith("Hello"), mail.subject
    assert len(REASON.findall(text)) == 1, mail.subject
    assert len(REASON.findall(shown)) == 1, mail.subject
    assert words(text) == words(shown), mail.subject


def as_text(page):
    """An HTML part as it is read, a line for each element, with the addresses of its links."""
    linked = LINK.sub(lambda link: link[2] if link[2] == link[1] else f"{link[2]} {link[1]}", page)
    bare = TAG.sub("\n", HEAD.sub("", linked))
    return "\n".join(line.strip() for line in html.unescape(bare).splitlines())


def words(text):
    return Counter(re.findall(r"\w+", text))
