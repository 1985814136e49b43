"""Whatever address people write down, the server goes to none of them."""

import socket
import threading
from contextlib import suppress

import pytest
import requests
from django.conf import settings
from django.test import Client

from courses.markdown import render
from studio.importing.refusal import ImportRefused
from tests.accounts.bad_profile import profile
from tests.accounts.conftest import come_back, provider, provider_server
from tests.conftest import make_lesson
from tests.studio.test_import_folder import lesson as written
from tests.studio.uploading import archive, bring, upload

__all__ = ["provider", "provider_server", "upload"]
METADATA = "http://169.254.169.254/latest/meta-data/"


class Canary:
    """Listens on this machine, and counts who comes."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.calls = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with suppress(OSError):
            while True:
                line, _ = self.listening.accept()
                self.calls += 1  # before the caller goes on and looks
                line.close()


@pytest.fixture
def canary():
    one = Canary()
    yield one
    one.listening.close()


class Reached(list):
    """Names that were looked up and places that were called. `known`: ports that may be."""

    def __init__(self):
        self.known = {settings.REDIS_URL.rpartition(":")[2].partition("/")[0]}

    def note(self, host, port):
        if str(port) not in self.known:
            self.append((host, port))


@pytest.fixture
def reached(monkeypatch):
    found = Reached()
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def noted_name(host, port, *args, **kwargs):
        found.note(host, port)
        return look_up(host, port, *args, **kwargs)

    def noted_place(self, address):
        if isinstance(address, tuple):
            found.note(*address[:2])
        return connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", noted_name)
    monkeypatch.setattr(socket.socket, "connect", noted_place)
    return found


@pytest.fixture
def addresses(canary):
    return [canary.url, METADATA, f"http://localhost:{canary.port}/x.png", "http://[::1]:6379/"]


def test_who_goes_somewhere_is_seen(canary, reached):
    with suppress(requests.RequestException):
        requests.get(canary.url, timeout=1)
    assert ("127.0.0.1", canary.port) in reached
    assert canary.calls == 1


def test_a_website_in_a_profile_is_not_visited(bob, as_, canary, reached, addresses):
    browser = as_(bob)
    for address in addresses:
        browser.post("/settings/profile/", profile(website=address, bio=f"See ![me]({address})"))
        browser.get("/settings/profile/")
        browser.get("/people/bob-b/")
    assert not reached
    assert canary.calls == 0


def test_a_picture_is_a_file_and_no_address(bob, as_, canary, reached, addresses):
    for address in addresses:
        answer = as_(bob).post("/settings/profile/avatar/", {"wanted": "1", "avatar": address})
        assert answer.status_code == 422
    assert not reached
    assert canary.calls == 0


def test_a_video_and_pictures_of_a_text_are_not_looked_at(
    course, ada, as_, canary, reached, addresses
):
    for number, address in enumerate(addresses):
        text = f"![one]({address}) <img src={address}> [two]({address})\n\n{address}"
        one = make_lesson(course.modules.get(slug="on"), f"film-{number}", position=9 + number)
        type(one).objects.filter(pk=one.pk).update(content_html=render(text))
        assert as_(ada).get(one.get_absolute_url()).status_code == 200
    assert not reached
    assert canary.calls == 0


def test_addresses_in_an_archive_are_not_fetched(upload, canary, reached, addresses):
    lines = "\n\n".join(f"![one]({one}) <img src={one}> [two]({one})" for one in addresses)
    row = upload(archive(**{"01-water/01-boil.md": written("Boil", lines, id="boil")}))
    bring(row)
    for address in addresses:
        with suppress(ImportRefused):
            upload(archive(**{"01-water/01-boil.md": written("Boil", id="boil", video=address)}))
    assert not reached
    assert canary.calls == 0


def test_the_picture_that_a_provider_names_is_not_fetched(
    db, provider, canary, reached, django_capture_on_commit_callbacks
):
    reached.known.add(provider.url.rpartition(":")[2])
    provider.person["picture"] = provider.person["avatar_url"] = canary.url
    with django_capture_on_commit_callbacks(execute=True):
        come_back(Client(), provider)
    assert provider.calls
    assert not reached
    assert canary.calls == 0
