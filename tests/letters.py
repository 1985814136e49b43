"""What holds for every mail of the site, read from it as it was written."""

import html
import re
from collections import Counter

from django.utils.translation import gettext, override

HEAD = re.compile(r"<head>.*</head>", re.DOTALL)
LINK = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
LANGUAGE = re.compile(r'<html lang="([\w-]+)" dir="(ltr|rtl)">')
REASON = re.compile(r"^You get this because [^\n]+\.(?: [^\n]+\.)?$", re.MULTILINE)


def check(mail):
    """Both parts say the same, and why the mail came, in the language that it says it is in."""
    assert [one.mimetype for one in mail.alternatives] == ["text/html"], mail.subject
    text, page = mail.body, mail.alternatives[0].content
    shown = as_text(page)
    ((language, direction),) = LANGUAGE.findall(page)
    assert (direction == "rtl") == (language == "ar"), mail.subject
    with override(language):
        assert text.startswith(gettext("Hello,")[:-1]), mail.subject
    if language == "en-gb":
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
