"""The runner for Piston, against a server that gives recorded and made-up answers."""

import base64
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sandbox.job import MAX_SOURCE, Case, Job, Language, Limits, Mode
from sandbox.piston import answers, client
from sandbox.piston.controls import FLOOD, LOOP, SUM
from sandbox.piston.runner import Ceilings, Piston
from sandbox.verdict import Status

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "piston-recorded.jsonl"
JAVA = {"language": "java", "version": "15.0.2", "aliases": []}
PYTHON = {"language": "python", "version": "3.11.2", "aliases": ["py", "py3", "python3"]}
OLD_PYTHON = {"language": "python", "version": "3.9.10", "aliases": ["python3"]}
HELLO = "public class Main { }"


def stage(**changes):
    return {
        "signal": None, "stdout": "", "stderr": "", "code": 0, "output": "", "memory": 8_000_000,
        "message": None, "status": None, "cpu_time": 20, "wall_time": 70, **changes,
    }  # fmt: skip


def ran(**changes):
    return {"run": stage(**changes), "language": "java", "version": "15.0.2"}


class Fake:
    """A server on this machine. `answer` is called with each request to run something."""

    def __init__(self):
        self.runtimes = [JAVA, PYTHON, OLD_PYTHON]
        self.answer = lambda request: ran(stdout="ok\n")
        self.asked, self.listed = [], 0
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                fake.listed += 1
                self.give(fake.runtimes)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = json.loads(body)
                fake.asked.append((self.path, dict(self.headers), request))
                self.give(fake.answer(request))

            def give(self, answer):
                if callable(answer):
                    answer(self)
                    return
                status, content = answer if isinstance(answer, tuple) else (200, answer)
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def requests(self):
        return [request for _, _, request in self.asked]


@pytest.fixture
def fake():
    server = Fake()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(client, "PAUSE_SECONDS", 0.01)


def job(*stdins, language=Language.JAVA, source=HELLO, limits=None, mode=Mode.STDIO):
    cases = [Case(f"case-{number}", stdin=stdin) for number, stdin in enumerate(stdins or ("",))]
    return Job(language, mode, source, cases, limits or Limits())


def one(fake, answer, **changes):
    fake.answer = lambda request: answer
    result = Piston(fake.url).run(job(**changes))
    return result.cases[0], result


# ---- recorded ------------------------------------------------------------------------------------


def recorded():
    if not RECORDED.is_file():
        return {}
    lines = RECORDED.read_text().splitlines()
    return {exchange["name"]: exchange for exchange in map(json.loads, lines)}


EXPECTED = {
    "ok": (Status.OK, "hello\n"),
    "ok_stdin_newline_added": (Status.OK, "'1 2\\n'\n"),
    "alias_and_semver": (Status.OK, "1\n"),
    "args": (Status.OK, "['a', 'b c']\n"),
    "stderr_exit_1": (Status.RUNTIME_ERROR, ""),
    "exit_3": (Status.RUNTIME_ERROR, "out\n"),
    "signal_segv": (Status.RUNTIME_ERROR, ""),
    "wall_timeout": (Status.TIME_LIMIT, "a\n"),
    "output_limit_default_1024": (Status.OUTPUT_LIMIT, ""),
    "stderr_limit": (Status.OUTPUT_LIMIT, ""),
    "memory_error": (Status.MEMORY_LIMIT, ""),
    "invalid_utf8": (Status.OK, "\ufffd\ufffdabc\x00"),
    "c_ok": (Status.OK, "5\n"),
    "c_compile_error": (Status.COMPILE_ERROR, ""),
    "unknown_runtime": (Status.INTERNAL_ERROR, ""),
    "missing_language": (Status.INTERNAL_ERROR, ""),
    "missing_files": (Status.INTERNAL_ERROR, ""),
    "limit_too_high": (Status.INTERNAL_ERROR, ""),
    "wrong_content_type": (Status.INTERNAL_ERROR, ""),
    "bad_json": (Status.INTERNAL_ERROR, ""),
    "body_over_100kb": (Status.INTERNAL_ERROR, ""),
    "not_found": (Status.INTERNAL_ERROR, ""),
    "root": (Status.INTERNAL_ERROR, ""),
    "base64_file": (Status.OK, "b'\\x00\\x01\\xff'\n"),
    "path_escape": (Status.INTERNAL_ERROR, ""),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_recorded_answers_come_to_what_they_mean(fake, name):
    exchange = recorded().get(name) or pytest.skip("The recorded exchanges are not here.")
    response = exchange["response"]
    content = b"" if response["json"] is None else response["json"]
    asked = (exchange["request"]["json"] or {}).get("files", [{}])[0].get("content")

    def replay(request):
        # Whatever else is asked, a program of ours, is let out whole.
        ours = request["files"][0].get("content") in FLOOD.values()
        return ran(stdout="x") if ours else (response["status"], content)

    fake.answer = replay
    piston = Piston(fake.url)
    result = piston.run(job(source=asked or "x", language=Language.PYTHON))
    status, stdout = EXPECTED[name]
    assert (result.cases[0].status, result.cases[0].stdout) == (status, stdout)
    assert bool(result.engine_message) == (status is Status.INTERNAL_ERROR)
    if name == "c_compile_error":
        assert "expected declaration specifiers" in result.compile_output
    if name == "body_over_100kb":
        assert "PayloadTooLargeError: request entity too large" in result.engine_message
        assert "at readStream" not in result.engine_message


def test_the_recorded_runtimes_are_read(fake):
    exchange = recorded().get("runtimes") or pytest.skip("The recorded exchanges are not here.")
    fake.runtimes = exchange["response"]["json"]
    assert Piston(fake.url).languages == {Language.PYTHON}


def test_every_recorded_exchange_is_replayed():
    names = set(recorded()) or pytest.skip("The recorded exchanges are not here.")
    assert names == {*EXPECTED, "runtimes"}


# ---- what is asked -------------------------------------------------------------------------------


def test_a_case_is_one_call(fake):
    fake.answer = lambda request: ran(stdout=request["stdin"])
    result = Piston(fake.url, token="secret").run(job("1", "2"))
    assert [(case.id, case.status, case.stdout) for case in result.cases] == [
        ("case-0", Status.OK, "1"),
        ("case-1", Status.OK, "2"),
    ]
    assert (result.engine, result.runtime) == ("piston", "java 15.0.2")
    path, headers, request = fake.asked[0]
    assert path == "/api/v2/execute"
    assert headers["Authorization"] == "secret"
    assert headers["Content-Type"] == "application/json"
    assert request["files"] == [{"name": "Main.java", "content": HELLO}]
    assert (request["language"], request["version"], request["args"]) == ("java", "15.0.2", [])
    assert len(fake.asked) == 2
    assert fake.listed == 1


def test_nothing_of_what_is_expected_is_sent(fake):
    Piston(fake.url).run(job("1"))
    assert set(fake.requests()[0]) == {
        "language", "version", "files", "stdin", "args", "run_timeout", "run_cpu_time",
        "run_memory_limit", "compile_timeout", "compile_cpu_time",
    }  # fmt: skip


def test_figures_of_a_run_are_seconds_and_bytes(fake):
    case, _ = one(fake, ran(stdout="ok", cpu_time=250, wall_time=1500, memory=9_000_000))
    assert (case.cpu_seconds, case.wall_seconds, case.memory) == (0.25, 1.5, 9_000_000)
    assert case.exit_code == 0


def test_limits_are_milliseconds_and_bytes(fake):
    limits = Limits(cpu_seconds=0.5, wall_seconds=1.5, memory=64 * 1024 * 1024)
    Piston(fake.url).run(job(language=Language.PYTHON, limits=limits))
    request = fake.requests()[0]
    assert request["run_timeout"] == 1500
    assert request["run_cpu_time"] == 500
    assert request["run_memory_limit"] == 64 * 1024 * 1024


def test_no_more_is_asked_for_than_the_server_allows(fake):
    limits = Limits(cpu_seconds=60, wall_seconds=60, memory=8 * 1024**3)
    ceilings = Ceilings(memory=512 * 1024 * 1024, compile_timeout=7000)
    Piston(fake.url, ceilings=ceilings).run(job(limits=limits))
    request = fake.requests()[0]
    assert (request["run_timeout"], request["run_cpu_time"]) == (3000, 3000)
    assert request["compile_timeout"] == 7000
    assert request["run_memory_limit"] == 512 * 1024 * 1024


def test_the_newest_of_a_languages_runtimes_is_taken(fake):
    fake.runtimes = [OLD_PYTHON, PYTHON, {**PYTHON, "version": "3.10.0"}]
    assert Piston(fake.url).run(job(language=Language.PYTHON)).runtime == "python 3.11.2"


def test_a_source_of_many_signs_is_sent_in_the_shorter_encoding(fake):
    source = '"' * MAX_SOURCE
    Piston(fake.url).run(job(source=source))
    file = fake.requests()[0]["files"][0]
    assert file["encoding"] == "base64"
    assert base64.b64decode(file["content"]).decode() == source


def test_a_body_the_server_would_not_read_is_not_sent(fake):
    result = Piston(fake.url).run(job("x" * 100_001))
    assert result.is_our_fault
    assert "more than Piston reads" in result.engine_message
    assert not fake.asked


# ---- what comes back -----------------------------------------------------------------------------

ENDINGS = [
    (ran(status="TO", code=None, signal="SIGKILL", message="Time limit exceeded"), "time_limit"),
    (ran(status="OL", code=None, signal="SIGKILL"), "output_limit"),
    (ran(status="EL", code=None, signal="SIGKILL"), "output_limit"),
    (ran(status="RE", code=3), "runtime_error"),
    (ran(status="RE", code=139), "runtime_error"),
    (ran(status="SG", code=None, signal="SIGSEGV"), "runtime_error"),
    (ran(code=None), "runtime_error"),
    (ran(signal="SIGTERM"), "runtime_error"),
    (ran(status="RE", code=1, stderr="java.lang.OutOfMemoryError: heap"), "memory_limit"),
    (ran(status="RE", code=137, memory=2**30), "memory_limit"),
    (ran(code=0, memory=2**30), "ok"),
    (ran(code=0, stderr="MemoryError"), "ok"),
    (ran(status="RE", code=1, stderr="Main.java:1: error\nerror: compilation failed\n"),
     "compile_error"),
    ({**ran(), "compile": stage(code=1, status="RE", stderr="; expected")}, "compile_error"),
    ({**ran(), "compile": stage(code=None, status="TO", signal="SIGKILL")}, "compile_error"),
    ({**ran(), "compile": stage(code=None, status="XX", message="isolate")}, "internal_error"),
    ({**ran(), "compile": stage()}, "ok"),
    (ran(status="XX", message="cannot start"), "internal_error"),
    (ran(status="??"), "internal_error"),
    ({}, "internal_error"),
    ([], "internal_error"),
    ({"run": None}, "internal_error"),
    (ran(stdout=None), "internal_error"),
    (ran(code="0"), "internal_error"),
    (ran(code=True), "internal_error"),
    ({**ran(), "compile": "fine"}, "internal_error"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "status"), ENDINGS)
def test_an_ending_has_one_verdict(fake, answer, status):
    def give(request):
        ours = request["files"][0]["content"] in FLOOD.values()
        return ran(stdout="x") if ours else answer

    fake.answer = give
    result = Piston(fake.url).run(job())
    assert result.cases[0].status == status
    assert bool(result.engine_message) == (status == "internal_error")


def test_a_signal_is_told_by_its_number(fake):
    case, _ = one(fake, ran(status="SG", code=None, signal="SIGSEGV"))
    assert (case.exit_code, case.signal) == (None, 11)


def test_what_does_not_compile_is_asked_once_and_told_to_the_learner(fake):
    fake.answer = lambda request: {**ran(), "compile": stage(code=1, stderr="; expected")}
    result = Piston(fake.url).run(job("1", "2", "3"))
    assert {case.status for case in result.cases} == {Status.COMPILE_ERROR}
    assert result.compile_output == "; expected"
    assert len(fake.asked) == 1


def test_output_is_cut_to_what_the_job_allows(fake):
    limits = Limits(stdout=10, stderr=4)
    case, _ = one(fake, ran(stdout="ä" * 6, stderr="warning"), limits=limits)
    assert case.status is Status.OUTPUT_LIMIT
    assert (case.stdout, case.stderr, case.cut) == ("ä" * 5, "warn", True)


def test_long_complaints_are_cut_and_not_held_against_anybody(fake):
    case, _ = one(fake, ran(stderr="x" * 100), limits=Limits(stderr=10))
    assert (case.status, case.stderr, case.cut) == (Status.OK, "x" * 10, True)


def test_half_a_sign_from_the_server_is_no_trouble(fake):
    case, _ = one(fake, (200, b'{"run": {"stdout": "\\ud800", "stderr": "", "code": 0}}'))
    assert (case.status, case.stdout) == (Status.OK, "?")


def test_a_server_that_lets_out_too_little_is_our_fault(fake):
    fake.answer = lambda request: ran(status="OL", code=None, signal="SIGKILL")
    result = Piston(fake.url).run(job())
    assert result.is_our_fault
    assert result.engine_message == "PISTON_OUTPUT_MAX_SIZE must be 65536 or more."


def test_how_much_is_let_out_is_asked_once(fake):
    def give(request):
        ours = request["files"][0]["content"] in FLOOD.values()
        return ran(stdout="x") if ours else ran(status="OL", code=None, signal="SIGKILL")

    fake.answer = give
    result = Piston(fake.url).run(job("1", "2", "3"))
    assert {case.status for case in result.cases} == {Status.OUTPUT_LIMIT}
    floods = [each for each in fake.requests() if each["files"][0]["content"] in FLOOD.values()]
    assert [each["stdin"] for each in floods] == ["65536"]


# ---- bad moments ---------------------------------------------------------------------------------


def in_turn(*given):
    left = list(given)
    return lambda request: left.pop(0)


def test_a_bad_moment_is_tried_again(fake):
    fake.answer = in_turn((500, b""), (503, {"message": "busy"}), ran(stdout="ok"))
    assert Piston(fake.url).run(job()).cases[0].status is Status.OK


def test_too_many_bad_moments_are_our_fault(fake):
    fake.answer = lambda request: (500, b"")
    result = Piston(fake.url).run(job("1", "2"))
    assert {case.status for case in result.cases} == {Status.INTERNAL_ERROR}
    assert result.engine_message == "Piston answered 500: no JSON."
    assert len(fake.asked) == client.ATTEMPTS


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 413, 415, 429])
def test_a_refusal_is_not_asked_again(fake, status):
    case, result = one(fake, (status, {"message": "no"}))
    assert case.status is Status.INTERNAL_ERROR
    assert result.engine_message == f"Piston answered {status}: no"
    assert len(fake.asked) == 1


def test_a_broken_connection_is_tried_again(fake):
    def hang_up(handler):
        handler.connection.shutdown(socket.SHUT_RDWR)

    fake.answer = in_turn(hang_up, ran(stdout="ok"))
    assert Piston(fake.url).run(job()).cases[0].status is Status.OK


def test_half_an_answer_is_tried_again(fake):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"run": ')
        handler.connection.shutdown(socket.SHUT_RDWR)

    fake.answer = in_turn(half, ran(stdout="ok"))
    assert Piston(fake.url).run(job()).cases[0].status is Status.OK


def test_what_is_no_json_is_our_fault(fake):
    case, _ = one(fake, (200, b"<html>"))
    assert case.status is Status.INTERNAL_ERROR
    deep, _ = one(fake, (200, b"[" * 100_000))
    assert deep.status is Status.INTERNAL_ERROR


def test_an_answer_without_end_is_left(fake, monkeypatch):
    monkeypatch.setattr(client, "MAX_ANSWER", 1000)
    case, result = one(fake, ran(stdout="x" * 2000))
    assert case.status is Status.INTERNAL_ERROR
    assert result.engine_message == "Piston's answer is too large."


def slow(seconds):
    def answer(handler):
        time.sleep(seconds)

    return answer


def test_a_server_that_does_not_answer_is_left_in_time(fake):
    fake.answer = lambda request: slow(1.5)
    begun = time.monotonic()
    result = Piston(fake.url, job_seconds=0.3).run(job("1", "2", "3"))
    assert time.monotonic() - begun < 1.2
    assert {case.status for case in result.cases} == {Status.INTERNAL_ERROR}
    assert result.engine_message == "Piston did not answer in time."
    assert len(fake.asked) == 1


def test_a_server_that_drips_is_left_in_time(fake):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(60):
                handler.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            return

    fake.answer = lambda request: drip
    begun = time.monotonic()
    result = Piston(fake.url, job_seconds=0.3).run(job())
    assert time.monotonic() - begun < 1.2
    assert result.engine_message == "Piston did not answer in time."


def test_the_job_on_the_whole_is_bounded(fake):
    fake.answer = lambda request: (time.sleep(0.15), ran(stdout="ok"))[1]
    result = Piston(fake.url, job_seconds=1.2).run(job(*map(str, range(20))))
    statuses = [case.status for case in result.cases]
    assert statuses[0] is Status.OK
    assert statuses[-1] is Status.INTERNAL_ERROR
    assert len(fake.asked) < 12


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}", "nonsense", "http://", "http://[::", "ftp://x"]
)
def test_no_server_is_no_language_and_our_fault(url):
    piston = Piston(url.format(free_port()))
    assert piston.languages == frozenset()
    result = piston.run(job())
    assert result.is_our_fault
    assert "Piston cannot be" in result.engine_message


# ---- what is offered -----------------------------------------------------------------------------


def test_a_language_the_server_has_not_is_our_fault(fake):
    fake.runtimes = [PYTHON]
    result = Piston(fake.url).run(job())
    assert (result.is_our_fault, result.engine_message) == (True, "Piston offers no java.")


def test_functions_are_not_called(fake):
    result = Piston(fake.url).run(job(mode=Mode.FUNCTION))
    assert result.is_our_fault
    assert "programs only" in result.engine_message
    assert not fake.asked


def test_languages_are_asked_for_again_after_minutes(fake, monkeypatch):
    piston = Piston(fake.url)
    assert piston.languages == piston.languages == {Language.JAVA, Language.PYTHON}
    assert fake.listed == 1
    fake.runtimes = [JAVA]
    piston.stale_at = 0
    assert piston.languages == {Language.JAVA}


def test_a_server_that_is_away_is_remembered_and_soon_asked_again(fake):
    piston = Piston(fake.url)
    assert Language.JAVA in piston.languages
    fake.runtimes = (400, {"message": "away"})
    piston.stale_at = 0
    assert Language.JAVA in piston.languages
    assert piston.stale_at < time.monotonic() + 20


@pytest.mark.parametrize("runtimes", [{}, [1], [{"language": "java", "aliases": 3}], None, "java"])
def test_a_strange_list_offers_nothing(fake, runtimes):
    fake.runtimes = runtimes
    piston = Piston(fake.url)
    assert piston.languages == frozenset()
    assert piston.run(job()).is_our_fault


# ---- self-test -----------------------------------------------------------------------------------


def well(request):
    source = request["files"][0]["content"]
    if source in SUM.values():
        return ran(stdout="42\n")
    if source in LOOP.values():
        return ran(status="TO", code=None, signal="SIGKILL")
    return ran(stdout="x" * int(request["stdin"]))


def test_the_self_test_runs_what_is_known(fake):
    fake.answer = well
    walls = Piston(fake.url).self_test()
    assert all(wall.holds for wall in walls), walls
    assert walls[0].detail == "java 15.0.2, python 3.11.2"
    assert len(walls) == 4


def test_the_self_test_sees_a_server_as_it_comes(fake):
    """Fresh from its package, a server lets out 1,024 bytes."""

    def give(request):
        answer = well(request)
        long = len(answer["run"]["stdout"]) > 1024
        return ran(status="OL", code=None, signal="SIGKILL") if long else answer

    fake.answer = give
    held = {wall.name: wall.holds for wall in Piston(fake.url).self_test()}
    assert held == {
        "runtimes": True,
        "a program runs": True,
        "output comes back whole": False,
        "a loop is stopped": True,
    }


def test_the_self_test_of_no_server_says_so():
    (wall,) = Piston(f"http://127.0.0.1:{free_port()}").self_test()
    assert not wall.holds
    assert "cannot be reached" in wall.detail


def test_the_verdict_of_an_answer_needs_no_server():
    answer = answers.read(ran(status="RE", code=1, memory=100))
    assert answers.status(answer, memory_limit=100) is Status.MEMORY_LIMIT
    assert answers.status(answer, memory_limit=101) is Status.RUNTIME_ERROR
