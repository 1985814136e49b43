"""A mail server that takes mail, and can refuse, be silent or hang up at any step."""

import socketserver
import threading
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy

SILENT = "silent"
GONE = "gone"

ANSWERS = {
    "greeting": "220 here",
    "EHLO": "250 here",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "content": "250 taken",
    "RSET": "250 ok",
    "NOOP": "250 ok",
    "QUIT": "221 bye",
}


class Server(socketserver.ThreadingTCPServer):
    """`says` changes the answer at a step. `arrived` is all that came, answered or not."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.says = {}
        self.steps = Counter()
        self.arrived = []
        self.recipients = []
        self.ended = threading.Event()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def mails(self):
        return [message_from_bytes(raw, policy=policy.default) for raw in self.arrived]

    def handle_error(self, request, client_address):
        """Whoever is killed says no goodbye."""


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        if not self.answer("greeting"):
            return
        for line in self.rfile:
            verb = line[:4].decode("ascii", "replace").upper().strip()
            if verb == "RCPT":
                self.server.recipients.append(line.decode().strip())
            if not self.answer(verb):
                return
            if verb == "DATA" and self.said.startswith("354") and not self.take():
                return
            if verb == "QUIT":
                return

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if line:
            self.server.arrived.append(b"".join(lines))
        return self.answer("content")

    def answer(self, step):
        """Say what is to be said here; False if nothing more is."""
        self.said = self.server.says.get(step, ANSWERS.get(step, "502 what?"))
        self.server.steps[step] += 1
        if self.said == SILENT:
            self.server.ended.wait(60)
        if self.said in (SILENT, GONE):
            return False
        self.wfile.write(f"{self.said}\r\n".encode())
        return not self.said.startswith("421")


@contextmanager
def serving():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join(5)
