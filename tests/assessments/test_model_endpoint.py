"""One request to a model: every way it can end, in time, and the key nowhere."""

import json
import time

import pytest

from assessments.model_drafts.model_endpoint import MAX_ANSWER, Endpoint, usage_in, wait_in, written
from assessments.model_drafts.model_failures import (
    Away,
    Busy,
    Fault,
    NoAnswer,
    NoSchemas,
    Refused,
    TimedOut,
    TooLong,
    Unreadable,
    Usage,
)
from tests.doubles import model_endpoint as double

KEY = "sk-not-for-anybody-1234567890"
PLAIN = {"model": "m", "messages": []}
WITH_SCHEMA = {**PLAIN, "response_format": {"type": "json_schema"}}


@pytest.fixture(scope="module")
def server():
    with double.serving() as running:
        yield running


@pytest.fixture
def ask(server):
    def ask(says, request=PLAIN, seconds=5.0):
        server.says, server.requests, server.seen = [says], [], []
        return Endpoint(server.url, "m", seconds, KEY).ask(request)

    return ask


def test_an_answer_is_its_words_and_what_they_cost(ask, server):
    answer = ask(double.says("hello"))
    assert (answer.content, answer.usage) == ("hello", Usage(900, 120))
    path, headers = server.seen[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_an_answer_in_pieces_is_read_whole(ask):
    assert "overall" in ask(double.chunks).content


@pytest.mark.parametrize(
    ("says", "failure"),
    [
        (double.refusal, Refused),
        (double.filtered, Refused),
        (double.cut_off, TooLong),
        (double.huge, TooLong),
        (double.gone, Away),
        (double.half, Away),
        (double.elsewhere, Fault),
        (double.status(500), Fault),
        (double.status(401), Fault),
        (double.status(429), Busy),
        (double.says(None), Unreadable),
        (double.says(7), None),
        (lambda handler: handler.answer(200, b"<html>"), Unreadable),
        (lambda handler: handler.answer(200, {"choices": []}), Unreadable),
        (lambda handler: handler.answer(200, {"choices": [{"message": "hi"}]}), Unreadable),
        (lambda handler: handler.answer(200, b'{"choices": 1, "choices": 2}'), Unreadable),
        (lambda handler: handler.answer(200, b"[" * 9_000), Unreadable),
        (lambda handler: handler.answer(200, b"\xff\xfe"), Unreadable),
    ],
)
def test_each_failure_has_its_name(ask, server, says, failure):
    if failure is None:
        assert ask(says).content == "7"
        return
    with pytest.raises(NoAnswer) as caught:
        ask(says)
    assert type(caught.value) is failure
    assert KEY not in f"{caught.value!r} {caught.value.content}"
    assert len(server.requests) == 1


@pytest.mark.parametrize("says", [double.hang, double.drip, double.drip_headers])
def test_the_whole_time_is_bounded_however_slowly_it_comes(ask, says):
    began = time.monotonic()
    with pytest.raises(TimedOut):
        ask(says, seconds=0.4)
    assert time.monotonic() - began < 1.5


def test_a_redirect_takes_the_key_nowhere(ask, server):
    with pytest.raises(Fault):
        ask(double.elsewhere)
    assert [path for path, _ in server.seen] == ["/v1/chat/completions"]


def test_nobody_at_the_address_is_away(server):
    with pytest.raises(Away) as caught:
        Endpoint("http://127.0.0.1:9", "m", 2.0, KEY).ask(PLAIN)
    assert KEY not in str(caught.value)


def test_an_endpoint_that_says_the_key_is_not_repeated(ask):
    with pytest.raises(Fault) as caught:
        ask(double.status(401, f"Incorrect key provided: {KEY}"))
    assert str(caught.value) == "The endpoint answered 401: Incorrect key provided: [key]"
    assert KEY not in ask(double.says(f"The key is {KEY}")).content
    assert KEY not in repr(Endpoint("u", "m", 1.0, KEY))


@pytest.mark.parametrize(
    "writes",
    [
        lambda key: key.replace("/", "\\/"),
        lambda key: "".join(f"\\u{ord(one):04x}" for one in key),
        lambda key: "".join(f"\\u{ord(one):04X}" for one in key),
        lambda key: json.dumps(json.dumps(key).replace("/", "\\/"))[1:-1],
        lambda key: json.dumps("".join(f"\\u{ord(one):04x}" for one in key))[1:-1],
    ],
)
@pytest.mark.parametrize("code", [200, 401])
def test_the_key_is_not_repeated_however_json_writes_it(server, writes, code):
    key = "sk-abc/DEF+123456"
    whole = json.dumps({**double.completion("@"), "error": {"message": "@"}})
    body = whole.replace("@", writes(key)).encode()
    server.says, server.requests = [lambda handler: handler.answer(code, body)], []
    endpoint = Endpoint(server.url, "m", 5.0, key)
    try:
        told = endpoint.ask(PLAIN).content
    except NoAnswer as failure:
        told = f"{failure} {failure.content}"
    for _ in range(2):
        assert key not in told
        assert "[key]" in told
        told = json.loads(f'"{told}"') if code == 200 and not told.startswith('"') else told


@pytest.mark.parametrize(
    ("status", "passes"), [(500, True), (503, True), (408, True), (400, False), (403, False)]
)
def test_what_an_endpoint_forbids_does_not_pass(ask, status, passes):
    with pytest.raises(Fault) as caught:
        ask(double.status(status))
    assert caught.value.may_pass is passes


def test_an_endpoint_without_schemas_is_told_from_one_that_complains(ask):
    with pytest.raises(NoSchemas):
        ask(double.no_schemas, WITH_SCHEMA)
    assert ask(double.no_schemas, PLAIN).content.startswith("```json")
    with pytest.raises(Fault):
        ask(double.status(400, "The model is unknown."), WITH_SCHEMA)


def test_pages_of_strokes_are_read_in_bounds():
    began = time.process_time()
    for key in ("sk-abc/DEF+123456", "\\" * 20, "a" * 100):
        for text in ("\\" * MAX_ANSWER, "a" * MAX_ANSWER, "\\u0061" * (MAX_ANSWER // 6)):
            written(key).sub("[key]", text)
    assert time.process_time() - began < 5


def test_how_long_to_wait_is_read_as_seconds_or_as_a_date():
    assert wait_in("7") == 7
    assert wait_in("Fri, 01 Jan 2100 00:00:00 GMT") > 1e9
    assert wait_in("Thu, 01 Jan 1970 00:00:00 GMT") == 0
    for text in ("", "soon", "-5", "1.5e3", "９"):
        assert wait_in(text) is None


def test_numbers_of_tokens_are_believed_only_if_they_are_some():
    assert usage_in({"prompt_tokens": 5, "completion_tokens": 0}) == Usage(5, 0)
    for odd in (-1, "5", 10**12, 1.5, True, None, [1]):
        told = usage_in({"prompt_tokens": odd, "completion_tokens": odd})
        assert told == Usage(None, None)
    assert usage_in("many") == usage_in(None) == Usage()


def test_the_most_that_is_read_is_less_than_what_is_huge():
    assert MAX_ANSWER < 600_000
