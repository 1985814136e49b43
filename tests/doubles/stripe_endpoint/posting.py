"""Posts events to a site, in order, by a thread of its own: the site may be asking just then."""

import queue
import threading
import time
from typing import TYPE_CHECKING

import requests

from tests.doubles.stripe_endpoint.shapes import Shape

if TYPE_CHECKING:
    from tests.doubles.stripe_endpoint.store import Store

TRIES = 5


class Postman:
    def __init__(self, store: "Store") -> None:
        self.store = store
        self.bag: queue.Queue[tuple[str, Shape]] = queue.Queue()
        self.thread: threading.Thread | None = None

    def post(self, url: str, event: Shape) -> None:
        if self.thread is None:
            self.thread = threading.Thread(target=self.walk, daemon=True)
            self.thread.start()
        self.bag.put((url, event))

    def walk(self) -> None:
        while True:
            url, event = self.bag.get()
            for number in range(TRIES):
                if self.delivers(url, event):
                    break
                time.sleep(0.5 * 2**number)

    def delivers(self, url: str, event: Shape) -> bool:
        body, header = self.store.signed(event)
        headers = {"Content-Type": "application/json", "Stripe-Signature": header}
        try:
            return requests.post(url, body, headers=headers, timeout=10).ok
        except requests.RequestException:
            return False
