"""A crowd of browsers in a process of its own, each signed in as somebody else.

Reads from its input a port, how many browsers there are, and requests: cookies, path and fields,
or none for a page. Prints how long all took and how often each status came.
"""

import http.client
import json
import queue
import sys
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode


def main(port: int, browsers: int, requests: list[tuple[str, str, dict[str, str] | None]]) -> Any:
    waiting: queue.SimpleQueue[tuple[str, str, dict[str, str] | None]] = queue.SimpleQueue()
    for one in requests:
        waiting.put(one)
    statuses: list[str] = []

    def browse() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            try:
                cookies, path, fields = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                statuses.append(str(ask(link, cookies, path, fields)))
            except (OSError, http.client.HTTPException) as error:
                statuses.append(type(error).__name__)
                link.close()

    threads = [threading.Thread(target=browse) for _ in range(browsers)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"seconds": time.monotonic() - began, "statuses": Counter(statuses)}


def ask(
    link: http.client.HTTPConnection, cookies: str, path: str, fields: dict[str, str] | None
) -> int:
    headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
    if fields is None:
        link.request("GET", path, headers=headers)
    else:
        token = cookies.rpartition("=")[2]  # the last of them is the form's token
        headers |= {"X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded"}
        if fields.get("step"):
            headers["HX-Request"] = "true"
        link.request("POST", path, urlencode(fields), headers)
    answer = link.getresponse()
    answer.read()
    return answer.status


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(main(asked["port"], asked["browsers"], asked["requests"])))
