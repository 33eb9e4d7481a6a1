"""A real HTTP server on loopback that behaves as a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_S = 20.0


@dataclass
class Heard:
    """What came to a server."""

    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int) -> None:
        """Until so many came."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.bodies) >= count, PATIENCE_S)


@contextmanager
def http_server(answer: Callable[[int, BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, Heard]]:
    """Its address, and what it heard. ``answer`` gets the request's number from 0."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with heard.changed:
                number = len(heard.bodies)
                heard.bodies.append(body)
                heard.paths.append(self.path)
                heard.types.append(self.headers["Content-Type"])
                heard.changed.notify_all()
            answer(number, self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="test-server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alarm?from=car", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)


def answer_with(*codes: int) -> Callable[[int, BaseHTTPRequestHandler], None]:
    """These codes one after the other, the last again and again."""

    def answer(number: int, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(codes[min(number, len(codes) - 1)])
        handler.send_header("Location", "http://127.0.0.1:9/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@contextmanager
def raw_server(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server that does with each connection what a test wants; ``talk`` ends when the event is set."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.02)
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=serve, args=(connection,), name="test-connection")
            threads.append(thread)
            thread.start()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the other side may go
            talk(connection, over)

    acceptor = threading.Thread(target=accept, name="test-acceptor")
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        over.set()
        acceptor.join(PATIENCE_S)
        for thread in threads:
            thread.join(PATIENCE_S)
        server.close()


def closed_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
