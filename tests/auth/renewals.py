"""A token endpoint that gives each refresh token once, over real HTTP; and, run by itself, a process that dies with one."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pullbridge.auth.records import Grant, Key
from pullbridge.auth.store import FileStore, Store
from pullbridge.auth.tokens import Renewing
from pullbridge.errors import SignInNeeded

KEY = Key("http://127.0.0.1", "app", "ada")


class Endpoint(ThreadingHTTPServer):
    """`POST` with a refresh token gives the next pair; a token used twice ends them all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.guard = threading.Lock()
        self.number = 0
        self.renewed = 0
        self.reused = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.server.guard:
            good = sent == f"refresh-{self.server.number}"
            if good:
                self.server.number += 1
                self.server.renewed += 1
            else:
                self.server.reused += 1
                self.server.number = -1
            number = self.server.number
        time.sleep(0.05)
        body = json.dumps({"number": number}).encode()
        self.send_response(200 if good else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def pair(number: int, *, life: float = 3600.0) -> Grant:
    """The tokens of one number, as of now."""
    now = time.time()
    return Grant(access=f"access-{number}", refresh=f"refresh-{number}", expires_at=now + life, obtained_at=now)


def over(number: int) -> Grant:
    """The same, gone out an hour ago."""
    now = time.time()
    return Grant(
        access=f"access-{number}", refresh=f"refresh-{number}", expires_at=now - 3600, obtained_at=now - 2 * 3600
    )


def renewing(url: str, store: Store, grant: Grant) -> Renewing:
    """Credentials that ask this endpoint."""

    def renew(old: Grant) -> Grant:
        request = urllib.request.Request(url, data=(old.refresh or "").encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return pair(json.load(answer)["number"])
        except urllib.error.HTTPError as error:
            error.close()
            raise SignInNeeded("invalid_grant") from None

    return Renewing(KEY, grant, store, renew)


class Dying(FileStore):
    """Ends its process, without another word, when a new grant is to be kept."""

    def write(self, key: Key, grant: Grant) -> None:
        del key, grant
        os._exit(9)


if __name__ == "__main__":
    renewing(sys.argv[1], Dying(sys.argv[2]), over(0)).current()
