"""What the services on loopback share: requests and answers in JSON, and how they are told to misbehave.

A service prints its port, and serves until it is ended. Its directory has what it gives its clients, and a
file `misbehave` with one word while it is to misbehave.
"""

import http.server
import json
import pathlib
from urllib.parse import parse_qs, unquote, urlsplit

# Anything else would be a mistake in a test.
LEAK = "leak"  # an error whose words have the token that was sent
SLOW = "slow"  # no answer
FLIPPED = "flipped"  # one bit of each signature is another
OTHER_VERSION = "other-version"  # answers name another version of the key


class Refusal(Exception):
    """An answer that is an error: its status, body and headers."""

    def __init__(self, status, body, headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, dict(headers)


class Request:
    """What was asked: method, path, query, headers and the JSON of the body (None if there is none)."""

    def __init__(self, handler):
        url = urlsplit(handler.path)
        self.method, self.path, self.headers = handler.command, unquote(url.path), handler.headers
        self.query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        body = handler.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.body = json.loads(body) if body else None


class Misbehaviour:
    """How the service is told to misbehave."""

    def __init__(self, directory):
        self.file = pathlib.Path(directory, "misbehave")

    def is_(self, word):
        return self.file.exists() and self.file.read_text() == word

    def signature(self, signature):
        if self.is_(FLIPPED):
            return signature[:-1] + bytes([signature[-1] ^ 1])
        return signature


def bind(answer, misbehaviour, tls=None):
    """A server that answers each request by a function, which gives the JSON of the answer or raises Refusal."""

    class Service(http.server.BaseHTTPRequestHandler):
        def respond(self):
            try:
                status, body, headers = 200, answer(Request(self)), {}
            except Refusal as refusal:
                status, body, headers = refusal.status, refusal.body, refusal.headers
            if misbehaviour.is_(SLOW):
                # Until whoever asked has gone.
                self.rfile.read(1)
                return
            body = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = respond

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    return server


def serve(server):
    """Says its port, and serves until it is ended."""
    print(server.server_port, flush=True)
    server.serve_forever()
