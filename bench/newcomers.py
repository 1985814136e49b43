"""A crowd of newcomers in a process of its own: each opens the form and sends it.

Reads from its input a port, how many browsers there are, and addresses of mail. Prints how long all
took, how often each status came, and the session that each was given.
"""

import http.client
import json
import queue
import re
import sys
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

PATH, CSRF = "/accounts/signup/", "b" * 32
PASSWORD = "plain-harbour-lantern-52"  # noqa: S105 - of people who live for a minute
SESSION = re.compile(r"sessionid=([a-z0-9]{32})")


def main(port: int, browsers: int, emails: list[str]) -> Any:
    waiting: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
    for one in enumerate(emails):
        waiting.put(one)
    statuses: list[str] = []
    sessions: dict[str, str] = {}

    def browse() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            try:
                number, email = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                status, sessions[email] = sign_up(link, number, email)
                statuses.append(str(status))
            except (OSError, http.client.HTTPException) as error:
                statuses.append(type(error).__name__)
                link.close()

    threads = [threading.Thread(target=browse) for _ in range(browsers)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    return {"seconds": seconds, "statuses": Counter(statuses), "sessions": sessions}


def sign_up(link: http.client.HTTPConnection, number: int, email: str) -> tuple[int, str]:
    """From an address of their own: of one and the same, twenty a minute may."""
    headers = {
        "Cookie": f"csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "X-Forwarded-For": f"10.2.{number >> 8}.{number & 255}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    link.request("GET", PATH, headers=headers)
    link.getresponse().read()
    fields = {"email": email, "name": "New", "password1": PASSWORD}
    link.request("POST", PATH, urlencode(fields), headers)
    answer = link.getresponse()
    answer.read()
    found = SESSION.search(" ".join(answer.headers.get_all("Set-Cookie") or []))
    return answer.status, found[1] if found else ""


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(main(asked["port"], asked["browsers"], asked["emails"])))
