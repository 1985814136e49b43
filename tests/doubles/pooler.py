"""A pooler in transaction mode: each transaction gets another connection of the server.

It speaks as much of PostgreSQL's protocol as it takes to see where a transaction ends, and knows no
mercy: it goes on to the next connection every time, and refuses start-up parameters as PgBouncer
does.
"""

import select
import socket
import struct
from contextlib import contextmanager
from itertools import count
from queue import SimpleQueue
from threading import Thread

import psycopg

KNOWN = {b"user", b"database", b"client_encoding", b"application_name", b"TimeZone", b"DateStyle"}
READY = b"Z\0\0\0\x05I"


class Pooler:
    def __init__(self, links):
        self.free = SimpleQueue()
        for link in links:
            self.free.put(link)
        self.given = count()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]

    def serve(self):
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            Thread(target=self.speak, args=[client], daemon=True).start()

    def speak(self, client):
        with client:
            if not self.greeted(client):
                return
            buffer = Messages(client)
            while (message := buffer.next()) and message[:1] != b"X":
                self.transaction(client, buffer, message)

    def greeted(self, client):
        while True:
            size = struct.unpack("!I", exactly(client, 4))[0]
            said = exactly(client, size - 4)
            if said[:4] in (struct.pack("!I", 80877103), struct.pack("!I", 80877104)):
                client.sendall(b"N")  # neither TLS nor GSS
                continue
            names = said[4:].rstrip(b"\0").split(b"\0")[::2]
            if unknown := set(names) - KNOWN:
                words = (
                    b"SFATAL\0C08P01\0Munsupported startup parameter: " + unknown.pop() + b"\0\0"
                )
                client.sendall(b"E" + struct.pack("!I", len(words) + 4) + words)
                return False
            status = b"".join(
                b"S" + struct.pack("!I", len(one) + 4) + one
                for one in (
                    b"client_encoding\0UTF8\0",
                    b"TimeZone\0UTC\0",
                    b"server_version\x0015.0\0",
                )
            )
            client.sendall(b"R\0\0\0\x08\0\0\0\0" + status + READY)
            return True

    def transaction(self, client, buffer, message):
        """From the first message to the first moment at which the server is idle again."""
        link = self.free.get()
        next(self.given)
        server = Messages(link)
        try:
            link.sendall(message)
            while True:
                # Whatever either of them has sent goes to the other.
                if buffer.holds_one() or (not server.holds_one() and comes_first(client, link)):
                    message = buffer.next()
                    if not message:
                        return self.clear(link, server)
                    link.sendall(message)
                    continue
                answer = server.next()
                client.sendall(answer)
                if answer == READY and not buffer.holds_one():
                    return None
        finally:
            self.free.put(link)

    def clear(self, link, server):
        """Somebody has gone in the middle of a transaction."""
        query = b"ROLLBACK\0"
        link.sendall(b"S\0\0\0\x04Q" + struct.pack("!I", len(query) + 4) + query)
        ends = 0
        while ends < 1 or select.select([link], [], [], 0.2)[0]:
            ends += server.next()[:1] == b"Z"


def comes_first(client, link):
    """Wait for either, and say whether it is the client who has something to say."""
    return client in select.select([client, link], [], [])[0]


class Messages:
    """A stream cut into messages: a letter, a length, and so many bytes."""

    def __init__(self, link):
        self.link = link
        self.data = b""

    def holds_one(self):
        return len(self.data) > 4 and len(self.data) >= 1 + struct.unpack("!I", self.data[1:5])[0]

    def next(self):
        while not self.holds_one():
            more = self.link.recv(65536)
            if not more:
                return b""
            self.data += more
        size = 1 + struct.unpack("!I", self.data[1:5])[0]
        message, self.data = self.data[:size], self.data[size:]
        return message


def exactly(client, size):
    data = b""
    while len(data) < size:
        more = client.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


@contextmanager
def pooler(**address):
    """Stands before the server at this address, with six connections to it."""
    links = [
        psycopg.connect(**address, options="-c TimeZone=UTC", autocommit=True) for _ in range(6)
    ]
    sockets = [socket.socket(fileno=link.fileno()) for link in links]
    between = Pooler(sockets)
    Thread(target=between.serve, daemon=True).start()
    try:
        yield between
    finally:
        between.door.close()
        for one, link in zip(sockets, links, strict=True):
            one.detach()
            link.close()
