"""The pages of the bench of growth are those that a learner reaches."""

from bench.learner_pages import LEFT_OUT, PAGES
from tests.routes import methods_of, routes

# Answered by the frame: whether it is there, and what it counted.
OF_THE_MACHINE = {"healthz", "readyz", "metrics"}


def pages():
    return {
        name: path
        for name, path, view in routes()
        if "GET" in methods_of(view) and name.rpartition(":")[2] and path not in OF_THE_MACHINE
    }


def test_every_page_is_measured_or_left_out_with_a_reason():
    measured = {name.partition(",")[0] for name in PAGES}
    undecided = {
        name for name in pages() if name not in measured and not name.startswith(tuple(LEFT_OUT))
    }
    assert not undecided


def test_nothing_is_measured_or_left_out_that_is_not_there():
    names = set(pages())
    assert {name.partition(",")[0] for name in PAGES} <= names
    gone = [start for start in LEFT_OUT if not any(name.startswith(start) for name in names)]
    assert not gone
