"""Pages in a language that nobody speaks: what is outside of brackets came from no gettext."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from tests.conftest import make_reviewer
from tests.flows.school import fill_school, make_hard_quiz
from tests.lms.pseudo import OPEN, SHUT, pseudo, spoken

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
# What is code, a picture, somebody's name, or content of a course.
NO_WORDS = {"script", "style", "code", "kbd", "pre", "textarea", "svg", "samp", "bdi"}
ATTRIBUTES = {"aria-label", "title", "alt", "placeholder", "aria-description"}
BRACKETS = re.compile(f"{OPEN}[^{OPEN}{SHUT}]*{SHUT}")
BETWEEN = re.compile(r"[\x00()\[\]{}<>|:;,.!?“”„«»\"–—·…•/=+#*@\n\t×−→←✓%&]|  +|\d+| - ")
# Names, units and signs that are the same in every language.
NAMES = {
    "waymark",
    "wasm",
    "markdown",
    "english",
    "deutsch",
    "pseudo",
    "xp",
    "api",
    "csv",
    "pdf",
    "id",
    "utc",
    "h",
    "min",
    "s",
    "kb",
    "mb",
    "gb",
    "n",
    "of",
    "ms",
    "ai",
    "python",
    "javascript",
    "java",
    "stripe",
    "github",
    "gitlab",
    "google",
    "linkedin",
    "mastodon",
    "ctrl",
    "enter",
    "shift",
    "esc",
    "alt",
}
# A list of zones; what a writer of files cannot say; programs; schema; commands.
LEFT_OUT = re.compile("/settings/time/|/accounts/logout/|/api/|/admin/|/setup/|/studio/.*/export/")
BEGIN = [
    "/",
    "/no/such/page/",
    "/pricing/",
    "/accounts/signup/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/demo/mail/",
    "/classroom/",
    "/settings/",
    "/billing/",
    "/notifications/",
    "/activity/",
    "/leaderboard/",
    "/challenges/",
    "/progress/",
    "/achievements/",
    "/certificates/",
    "/referrals/",
    "/feedback/",
    "/studio/",
]


class Words(HTMLParser):
    """What a page shows or says aloud, and where it leads."""

    def __init__(self):
        super().__init__()
        self.open, self.said, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        for name, value in attrs:
            is_told = name.startswith("data-") and re.search("[A-Za-z]{2} [a-z]", value or "")
            if value and (name in ATTRIBUTES or is_told):
                self.said.append(value)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in VOID:
            is_content = "prose" in (given.get("class") or "") or given.get("lang") in ("de", "ar")
            self.open.append((tag, tag in NO_WORDS or is_content))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(hidden for _, hidden in self.open):
            self.said.append(data)


def all_that_is_stored():
    """Every phrase of the database: whole ones, as a few letters are part of many by chance."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public'
              AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')
              AND table_name NOT IN ('django_session', 'django_content_type', 'auth_permission')
        """)
        columns = cursor.fetchall()
        found = set()
        for table, column in columns:
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}"')
            for (value,) in cursor.fetchall():
                found.update(phrases((value or "").lower()))
    return found


def phrases(text):
    return (part.strip(" '’_^~") for part in BETWEEN.split(text))


def left_over(page, stored):
    text = "\0".join(page.said)
    while (shorter := BRACKETS.sub("\0", text)) != text:
        text = shorter
    for phrase in phrases(text):
        words = re.findall("[a-z]+", phrase.lower())
        if len(phrase) > 1 and phrase.lower() not in stored and not NAMES.issuperset(words):
            yield phrase


def walk(client, stored):
    """Follow links from page to page, one of each address with a place of its own."""
    todo, seen, found = list(BEGIN), set(), {}
    while todo:
        address = todo.pop(0).partition("#")[0]
        try:
            route = resolve(address.partition("?")[0]).route
        except Resolver404:
            route = address if address in BEGIN else ""
        if not route or route in seen or LEFT_OUT.match(address):
            continue
        seen.add(route)
        answer = client.get(address)
        if answer.status_code in (302, 303):
            todo.insert(0, answer["Location"])
        elif "text/html" in answer["Content-Type"]:
            page = Words()
            page.feed(answer.getvalue().decode())
            todo += [urljoin(address, link) for link in page.links if "//" not in link]
            for phrase in left_over(page, stored):
                found.setdefault(phrase, address)
    assert len(seen) > 20
    return found


@pytest.mark.usefixtures("db")
def test_every_word_of_every_page_goes_through_gettext(settings):
    settings.DEMO_SCHOOL = True
    school = fill_school()
    make_hard_quiz(school.course.modules.first(), "hard", time_limit=30, max_attempts=2, wait=60)
    reviewer = make_reviewer("rev@example.org", "Rev")
    stored = all_that_is_stored()
    with spoken("en-xa", settings):
        User.objects.update(language="en-xa")
        found = {}
        for person in (None, school.ada, reviewer, school.root):
            client = Client()
            client.cookies["language"] = "en-xa"
            if person:
                client.force_login(person)
            found |= walk(client, stored)
    assert not found, "\n".join(f"{address}: {phrase}" for phrase, address in found.items())


def test_the_language_keeps_what_programs_read():
    said = pseudo("You have %(number)s <b>new</b> {messages} &amp; `code`.")
    assert said.startswith(OPEN)
    for kept in ("%(number)s", "<b>", "</b>", "{messages}", "&amp;", "`code`"):
        assert kept in said
    assert "You" not in said
