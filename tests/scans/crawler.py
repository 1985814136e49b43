"""Follows links and forms that look, as one of the cast, and tells what should not be so."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from tests.scans.statements import Statements

HOME = "http://testserver"
OURS = {"", "testserver", urlsplit(settings.SITE_URL).netloc}
# Where a browser goes by itself when it shows the page.
LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "",
    "Permissions-Policy": "camera=()",
    "X-Request-ID": "",
}
HAS_CHARSET = re.compile(r"; charset=utf-8$", re.IGNORECASE)
JUNK = "\0'\"<xss-mark>"
OPAQUE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Page(HTMLParser):
    """What a page leads to."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    looking: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posting: set[str] = field(default_factory=set)
    fields: dict[str, str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said and "download" not in said:
            self.links.append(said["href"])
        if tag == "link" and {"stylesheet", "icon", "preload"} & set(said.get("rel", "").split()):
            self.loads.append(said.get("href", ""))
        if tag in LOADED:
            self.loads.append(said.get(LOADED[tag], ""))
        if "hx-get" in said:
            self.links.append(said["hx-get"])
        if "hx-post" in said:
            self.posting.add(said["hx-post"])
        if tag == "form":
            self.open_form(said)
        if self.fields is not None and tag in {"input", "select", "textarea"} and "name" in said:
            self.fields.setdefault(said["name"], said.get("value", ""))

    handle_startendtag = handle_starttag

    def open_form(self, said: dict[str, str]) -> None:
        self.fields = None
        if said.get("method", "get").lower() == "post":
            self.posting.add(said.get("action", ""))
        else:
            self.fields = {}
            self.looking.append((said.get("action", ""), self.fields))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = None


@dataclass
class Crawler:
    """`each` pages of a route at most: a second lesson is the same page with other words.

    `marks` are what this person must never be sent, by what it is.
    """

    user: User | None
    marks: dict[str, str]
    each: int = 2
    found: list[str] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)  # address: status
    posting: set[str] = field(default_factory=set)
    routes: Counter[str] = field(default_factory=Counter)
    statements: Statements = field(default_factory=Statements)

    def __post_init__(self) -> None:
        self.client = browser_of(self.user)

    def crawl(self, *seeds: str) -> "Crawler":
        waiting = deque(seeds)
        while waiting:
            address = waiting.popleft()
            if address in self.pages or not self.wants(address):
                continue
            waiting.extend(self.read(address, self.visit(address)))
        return self

    def wants(self, address: str) -> bool:
        """Whether fewer of its route were seen; how a list is sorted makes it no other page."""
        path, _, query = address.partition("?")
        if path.startswith(("/static/", "/media/", "/accounts/logout")):
            return False
        try:
            match = resolve(path)
        except Resolver404:
            self.note(address, "leads nowhere")
            return False
        kind = match.view_name or path
        names = sorted(part.partition("=")[0] for part in query.split("&") if part)
        route = f"{kind} {','.join(names[:3])}"
        self.routes[route] += 1
        self.routes[kind] += bool(names)
        return self.routes[route] <= self.each and self.routes[kind] <= 3 * self.each

    def visit(self, address: str, **headers: str) -> HttpResponse:
        with self.statements.of(f"{self.user or 'a guest'}: {address}"):
            answer = self.client.get(address, headers={"Accept": "text/html,*/*", **headers})
        self.pages[address] = answer.status_code
        self.look(address, answer)
        return answer

    def look(self, address: str, answer: HttpResponse) -> None:
        """Whatever is answered, and whoever asked."""
        if answer.status_code >= 500:
            self.note(address, f"answered {answer.status_code}")
        for fault in (*faults_of_headers(answer, self.user), *faults_of_cookies(answer)):
            self.note(address, fault)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace")
        for what, mark in self.marks.items():
            if mark in text:
                self.note(address, f"shows {what}")
        if answer["Content-Type"].startswith("text/html") and "<xss-mark" in text:
            self.note(address, "shows what somebody wrote as a tag")
        if is_of_staff(address) and answer.status_code == 200 and not works_here(self.user):
            self.note(address, "is for staff")

    def read(self, address: str, answer: HttpResponse) -> Iterator[str]:
        """Where the page leads, within the site."""
        if answer.status_code in {301, 302, 303}:
            yield from self.within(address, answer["Location"])
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            return
        page = Page()
        page.feed(answer.content.decode())
        for load in page.loads:
            if urlsplit(load).netloc not in OURS:
                self.note(address, f"loads {load}")
        for action in page.posting:
            self.posting.update(self.within(address, action or address))
        for link in page.links:
            yield from self.within(address, link)
        for action, fields in page.looking:
            for text in ("", JUNK):
                filled = {name: value or text for name, value in fields.items()}
                yield from self.within(address, f"{action.partition('?')[0]}?{urlencode(filled)}")

    def within(self, address: str, link: str) -> Iterator[str]:
        parts = urlsplit(urljoin(HOME + address, link))
        if parts.scheme in {"http", "https"} and parts.netloc in OURS:
            yield f"{parts.path}{f'?{parts.query}' if parts.query else ''}"

    def note(self, address: str, fault: str) -> None:
        self.found.append(f"{self.user or 'a guest'}: {address}: {fault}")

    def own_pages(self) -> list[str]:
        """What was answered to this person, of things with a key of their own."""
        return [one for one, status in self.pages.items() if status == 200 and OPAQUE.search(one)]


def browser_of(user: User | None, *, strict: bool = False) -> Client:
    """`strict`: as browsers are, which do not send along a token that they were not given."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
    if user:
        client.force_login(user)
    return client


def is_of_staff(address: str) -> bool:
    return address.startswith(("/studio/", "/admin/"))


def works_here(user: User | None) -> bool:
    return bool(user) and (user.is_staff or user.groups.filter(name="reviewers").exists())


def faults_of_headers(answer: HttpResponse, user: User | None) -> Iterator[str]:
    """Of certificates other sites may read what is there for them to read."""
    is_for_all = answer.get("Access-Control-Allow-Origin") == "*"
    for name, begins in HEADERS.items():
        if is_for_all and name == "Cross-Origin-Resource-Policy":
            continue
        if not answer.get(name, "-").startswith(begins) or name not in answer:
            yield f"{name} is {answer.get(name)}"
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"Content-Security-Policy is {policy}"
    if answer.get("X-Frame-Options") not in {"DENY", "SAMEORIGIN"}:
        yield f"X-Frame-Options is {answer.get('X-Frame-Options')}"
    is_kept = "no-store" not in answer.get("Cache-Control", "")
    if user and answer.status_code == 200 and is_kept and not is_for_all:
        yield f"Cache-Control is {answer.get('Cache-Control')}"
    kind = answer.get("Content-Type", "")
    if not kind or (kind.startswith("text/") and not HAS_CHARSET.search(kind)):
        yield f"Content-Type is {kind}"
    if "Server" in answer or "X-Powered-By" in answer:
        yield "says what it is made of"


def faults_of_cookies(answer: HttpResponse) -> Iterator[str]:
    for name, cookie in answer.cookies.items():
        if not cookie["httponly"] or cookie["samesite"] != "Lax":
            yield f"cookie {name} is open"


def open_to_others(crawler: Crawler, other: User | None, shared: re.Pattern[str]) -> list[str]:
    """The pages of one person's things that another is shown, too; `shared` are meant to be."""
    client, found = browser_of(other), []
    for address in crawler.own_pages():
        answer = client.get(address)
        if answer.status_code == 200 and not shared.match(address):
            found.append(f"{other or 'a guest'} is shown {address}")
    return found


def taken_without_token(crawler: Crawler) -> list[str]:
    """The addresses of forms that take one from another site."""
    client, found = browser_of(crawler.user, strict=True), []
    for address in sorted(crawler.posting):
        answer = client.post(address, {"wanted": "1", "done": "1"})
        if answer.status_code != 403:
            found.append(f"{address} takes a form without its token: {answer.status_code}")
    return found
