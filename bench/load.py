"""A crowd of browsers in a process of its own: prints how many pages it was answered.

Answers are read with the least of work, because the crowd shares the cores with the server.
"""

import socket
import sys
import threading
import time

RENEW = 40  # requests; connections are renewed so that they spread over the workers


def main(port: int, path: str, cookies: str, seconds: float, browsers: int) -> int:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: {cookies}"]
    request = ("\r\n".join([*lines, "Accept-Encoding: gzip", "", ""])).encode()
    deadline = time.monotonic() + seconds
    counts = [0] * browsers

    def browse(number: int) -> None:
        while time.monotonic() < deadline:
            with socket.create_connection(("127.0.0.1", port), 30) as link:
                for _ in range(RENEW):
                    link.sendall(request)
                    read_answer(link)
                    if time.monotonic() > deadline:
                        return
                    counts[number] += 1

    threads = [threading.Thread(target=browse, args=(number,)) for number in range(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def read_answer(link: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(link)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode(errors="replace"))
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += receive(link)


def receive(link: socket.socket) -> bytes:
    data = link.recv(65536)
    if not data:
        raise RuntimeError("the server hung up")
    return data


if __name__ == "__main__":
    port, path, cookies, seconds, browsers = sys.argv[1:]
    print(main(int(port), path, cookies, float(seconds), int(browsers)))
