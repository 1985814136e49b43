"""Two at once, in a fixed order: the first stops half-way until the second has come up to it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.races.gate import in_own_connection


class HalfWay:
    """Stands for a function of the first one's; calling it waits for the word to go on."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.reached, self.may_go = threading.Event(), threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self.function(*args, **kwargs)
        self.reached.set()
        assert self.may_go.wait(20)
        return result


def meet(stop: HalfWay, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, bool]:
    """Run both; return what the second returned, and whether it had to wait for the first."""
    with ThreadPoolExecutor(2) as threads:
        going = threads.submit(in_own_connection, first)
        try:
            assert stop.reached.wait(20)
            coming = threads.submit(in_own_connection, second)
            waited = not threading.Event().wait(0.5) and not coming.done()
        finally:
            stop.may_go.set()
        going.result(timeout=20)
        return coming.result(timeout=20), waited
