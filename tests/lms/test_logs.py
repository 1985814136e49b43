"""What the site writes down, through its own handler and formatters."""

import io
import json
import logging
from logging.config import DictConfigurator

import pytest
from django.conf import settings

from lms.logs import SECRET_ADDRESSES

PLANTED = "planted-secret"
ASKED = f"code={PLANTED}&q={PLANTED}@example.org"


@pytest.fixture(params=["json", "plain"])
def written(request, monkeypatch):
    """Everything that is written from now on, in either form."""
    [console] = [one for one in logging.getLogger().handlers if one.name == "console"]
    form = dict(settings.LOGGING["formatters"][request.param])
    formatter = DictConfigurator(settings.LOGGING).configure_formatter(form)
    monkeypatch.setattr(console, "stream", io.StringIO())
    monkeypatch.setattr(console, "formatter", formatter)
    return console.stream


def test_a_line_holds_neither_a_query_nor_an_address_that_is_a_secret(client, db, written):
    for address in SECRET_ADDRESSES:
        assert client.put(f"{address}{PLANTED}/?{ASKED}").status_code == 405
    assert client.put(f"/join/of%20{PLANTED}/").status_code == 405
    assert client.get(f"/courses/none/?{ASKED}").status_code == 404
    assert client.get(f"/?{ASKED}", headers={"Host": "evil.example"}).status_code == 400
    assert PLANTED not in written.getvalue()
    assert "evil.example" in written.getvalue()
    for address in SECRET_ADDRESSES:
        assert f"Method Not Allowed: {address}(not shown)" in written.getvalue()
    lines = written.getvalue().splitlines()
    of_page = next(line for line in lines if "/courses/none/" in line)
    if of_page.startswith("{"):
        told = json.loads(of_page)
        assert told.keys() == {
            "asctime", "levelname", "name", "request_id", "message", "status_code", "method", "view"
        }  # fmt: skip
        assert (told["method"], told["view"]) == ("GET", "classroom:course")


def test_what_libraries_attach_to_a_line_or_quote_of_an_address_is_not_written(written):
    logger = logging.getLogger("celery.app.trace")
    logger.info("Task %(name)s", {"name": "a.task"}, extra={"data": {"args": PLANTED}})
    logger.warning("No answer: %r", OSError(f"https://id.example/token?code={PLANTED}"))
    lines = written.getvalue()
    assert "Task a.task" in lines
    assert "https://id.example/token?(not shown)" in lines
    assert PLANTED not in lines
