"""Addresses as a web server takes them: gunicorn with its own settings in front of the site."""

import http.client
import json
import logging
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from gunicorn.config import Config

from lms.middleware import of_no_page

ROOT = Path(__file__).resolve().parents[2]
DIGITS = "9" * 5000
NOT_FOUND = [
    f"/courses/{DIGITS}/",
    "/courses/a%00/",
    "/people/%00/",
    "/api/courses/a%00/",
]
# Files are collected into one folder, by one process at a time.
pytestmark = pytest.mark.xdist_group("web-server")
TAGS = "/courses/?" + "&".join(["tag=x"] * 1000)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("GET", path)
        with line.getresponse() as answer:
            return answer.status, answer.read().decode()


def wait_for(server, port):
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            return ask(port, "/healthz")
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


@pytest.fixture(scope="module")
def collected():
    """The files of the pages, as a web server wants them."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    env = {**os.environ, "DEBUG": "0"}
    subprocess.run(collect, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=True)


@contextmanager
def serving(database, **given):
    number = free_port()
    env = {**os.environ, "DATABASE_URL": database, "WEB_CONCURRENCY": "1", **given}
    env |= {"SITE_URL": f"http://127.0.0.1:{number}", "ALLOWED_HOSTS": "127.0.0.1", "DEBUG": "0"}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{number}"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(server, number)
            yield number
        finally:
            server.terminate()


@pytest.fixture
def port(transactional_db, settings, collected):
    """A server over the database of the tests."""
    with serving(database_of_tests()) as number:
        yield number


def database_of_tests():
    place = os.environ["DATABASE_URL"].rpartition("/")[0]
    return f"{place}/{connection.settings_dict['NAME']}"


def test_the_web_server_leaves_long_and_broken_addresses_to_the_site(port):
    for path in NOT_FOUND:
        status, page = ask(port, path)
        assert status == 404, path[:40]
        assert "not_found" in page if path.startswith("/api/") else "This page is not here" in page
    status, page = ask(port, TAGS)
    assert status == 200
    assert "Courses" in page


@pytest.mark.parametrize("path", NOT_FOUND, ids=lambda path: path[:24])
def test_what_no_address_can_be_is_not_found(client, db, path):
    assert client.get(path).status_code == 404


def test_somebody_who_is_signed_in_stays_so_on_such_a_page(as_, bob):
    assert "Go to your classroom" in as_(bob).get("/courses/a%00/").text


def test_a_query_that_is_no_text_is_refused(db):
    assert Client().get("/courses/?q=a%00").status_code == 400


BROKEN = [
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
    b"\x16\x03\x01<script>alert(1)</script> / HTTP/1.1\r\n\r\n",
]


def said_to(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(4096), b""))


def test_the_web_server_tells_nobody_its_version_and_answers_no_broken_request(port):
    status, _ = ask(port, "/healthz")
    assert status == 200
    well = said_to(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    for request in BROKEN:
        answer = said_to(port, request)
        assert re.match(rb"HTTP/1.1 4(00|14|31) ", answer)
        assert b"<script>" not in answer
        assert not re.search(rb"(?i)gunicorn|python|\d+\.\d+\.\d+", answer)
        for name, value in of_no_page().items():
            assert f"\r\n{name}: {value}\r\n".encode() in answer
        assert b"\r\nContent-Type: text/html; charset=iso-8859-1\r\n" in answer
        assert answer.endswith(b"</html>\n")
    heads = well.partition(b"\r\n\r\n")[0].lower()
    assert b"server: gunicorn\r\n" in heads
    assert b"x-powered-by" not in heads


@pytest.fixture
def said_by_gunicorn(monkeypatch, tmp_path, capsys):
    """What it writes of its own accord, under a format of the site's."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setattr(logging.getLogger("gunicorn.error"), "handlers", [])

    def say(log_format, *message):
        monkeypatch.setenv("LOG_FORMAT", log_format)
        config = Config()
        if chosen := runpy.run_path(str(ROOT / "gunicorn.conf.py")).get("logger_class"):
            config.set("logger_class", chosen)
        config.logger_class(config).critical(*message)
        return capsys.readouterr().err

    return say


def test_what_the_web_server_says_is_an_object_a_line_or_plain(said_by_gunicorn):
    told = json.loads(said_by_gunicorn("json", "WORKER TIMEOUT (pid:%s)", 7))
    assert (told["levelname"], told["name"]) == ("CRITICAL", "gunicorn.error")
    assert told["message"] == "WORKER TIMEOUT (pid:7)"
    assert "[CRITICAL] WORKER TIMEOUT" in said_by_gunicorn("plain", "WORKER TIMEOUT (pid:7)")


@pytest.mark.parametrize("log_format", ["json", "plain"])
def test_it_repeats_in_no_line_what_it_was_asked_for(said_by_gunicorn, log_format):
    asked = ("Error handling request %s %s", "GET", "/join/planted/?code=planted")
    assert "Error handling request (not shown)" in said_by_gunicorn(log_format, *asked)
    broken = "Invalid request from ip=10.1.2.3: Invalid HTTP request line: 'GET /join/planted'"
    told = said_by_gunicorn(log_format, broken)
    assert "Invalid HTTP request line: '(not shown)" in told
    assert "planted" not in told


def test_a_line_for_each_request_would_hold_no_address(said_by_gunicorn):
    form = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["access_log_format"]
    assert not re.search(r"%\([rUqfhiu{]", form.replace("%({", "%("))


FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@pytest.mark.parametrize("is_given", [True, False])
def test_only_a_folder_of_numbers_that_was_made_is_taken_away(monkeypatch, tmp_path, is_given):
    given, made_in = tmp_path / "of-the-operator", tmp_path / "tmp"
    for folder in (given, made_in):
        folder.mkdir()
    for name in (FOLDER, "WAYMARK_METRICS_OF_OURS"):  # is as it was again after this test
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(tempfile, "tempdir", str(made_in))
    if is_given:
        monkeypatch.setenv(FOLDER, str(given))
    for _reading in range(2):
        read = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert len([*made_in.iterdir()]) == (0 if is_given else 1)
    assert os.environ[FOLDER] == str(given if is_given else next(made_in.iterdir()))
    read["on_exit"](None)
    assert [*made_in.iterdir()] == []
    assert given.exists()


def test_numbers_are_those_of_all_processes(transactional_db, collected, tmp_path):
    given = {"WEB_CONCURRENCY": "2", "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    with serving(database_of_tests(), **given) as port:
        before = probes(ask(port, "/metrics")[1])
        first, *_ = pids_that_answered(tmp_path)
        # Whoever has answered stands still, so the next is answered by the other.
        os.kill(first, signal.SIGSTOP)
        assert ask(port, "/healthz")[0] == 200
        os.kill(first, signal.SIGCONT)
        assert len(pids_that_answered(tmp_path)) == 2
        assert probes(ask(port, "/metrics")[1]) == before + 1


def pids_that_answered(folder):
    """Each process counts in a file of its own."""
    return {int(file.stem.rpartition("_")[2]) for file in folder.glob("histogram_*.db")}


def probes(numbers):
    """How often it was asked whether the process lives."""
    return float(re.search(r"seconds_count{.*lms.health.healthz.*} (.*)", numbers)[1])
