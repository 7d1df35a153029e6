"""A host that answers every request after the same time, in a process of its own, and counts.

The waiting stands for the way there and back and for the host's work. Header and body leave in one flush and `TCP_NODELAY`
is on: otherwise delayed acknowledgements add 40 ms to each request on a kept connection, and nothing else is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import socket
import subprocess
import sys
import traceback
from dataclasses import asdict, dataclass
from email.utils import formatdate
from types import TracebackType
from typing import Any, Self, cast

from benchmarks.answers import Answer, Answers
from benchmarks.bitbucket_cloud.answers import Answers as BitbucketCloudAnswers
from benchmarks.bitbucket_dc.answers import Answers as BitbucketDataCenterAnswers
from benchmarks.github.answers import Answers as GitHubAnswers
from benchmarks.gitlab.answers import Answers as GitLabAnswers

#: Paths below this one are for the benchmark: answered at once, and not counted.
CONTROL = "/-/"
#: By `Settings.kind`.
HOSTS: dict[str, type[GitHubAnswers | GitLabAnswers | BitbucketCloudAnswers | BitbucketDataCenterAnswers]] = {
    "github": GitHubAnswers,
    "gitlab": GitLabAnswers,
    "bitbucket-cloud": BitbucketCloudAnswers,
    "bitbucket-dc": BitbucketDataCenterAnswers,
}


@dataclass
class Counts:
    """What arrived and left since the last reset. `decoded` and `wire` are bytes of bodies."""

    requests: int = 0
    connections: int = 0
    decoded: int = 0
    wire: int = 0
    not_modified: int = 0
    most_in_flight: int = 0
    comments: int = 0


class State:
    """What all connections share."""

    def __init__(self, answers: Answers, latency: float) -> None:
        self.answers = answers
        self.latency = latency
        self.etags = True
        self.in_flight = 0
        self.reset()

    def reset(self) -> None:
        self.counts = Counts()


class Connection(asyncio.Protocol):
    """HTTP/1.1 with kept connections, one request at a time."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._buffer = b""
        self._counted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *rows = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows)}
            stop = end + 4 + int(headers.get("content-length", 0))
            if len(self._buffer) < stop:
                return
            body, self._buffer = self._buffer[end + 4 : stop], self._buffer[stop:]
            verb, target, _ = first.split(" ")
            if target.startswith(CONTROL):
                self._control(target, json.loads(body or b"{}"))
            else:
                self._take(verb, target, headers, body)

    def _take(self, verb: str, target: str, headers: dict[str, str], body: bytes) -> None:
        loop, counts = asyncio.get_running_loop(), self._state.counts
        due = loop.time() + self._state.latency
        counts.requests += 1
        counts.connections += not self._counted
        self._counted = True
        self._state.in_flight += 1
        counts.most_in_flight = max(counts.most_in_flight, self._state.in_flight)
        try:
            answer = self._state.answers.to(verb, target, body)
        except Exception:  # noqa: BLE001  # the client must see that the benchmark's own data are wanting
            traceback.print_exc()
            answer = Answer(500, json.dumps({"message": traceback.format_exc(limit=-1)}).encode())
        loop.call_at(due, self._send, answer, headers)

    def _send(self, answer: Answer, headers: dict[str, str]) -> None:
        counts = self._state.counts
        self._state.in_flight -= 1
        counts.comments += answer.comments
        status, extra, body = answer.status, "", b""
        if self._state.etags and self._state.answers.etags and status == 200:
            extra = f"ETag: {answer.etag}\r\n"
            if headers.get("if-none-match") == answer.etag:
                status = 304
        if status == 304:
            counts.not_modified += 1
        else:
            packed = "gzip" in headers.get("accept-encoding", "")
            body = answer.packed if packed else answer.body
            extra += "Content-Encoding: gzip\r\n" if packed else ""
            extra += answer.headers
            extra += f"Content-Type: {answer.kind}\r\nContent-Length: {len(body)}\r\n"
            counts.decoded += len(answer.body)
            counts.wire += len(body)
        self._write(status, extra, body)

    def _control(self, target: str, asked: dict[str, Any]) -> None:
        state = self._state
        state.latency = asked.get("latency", state.latency)
        state.etags = asked.get("etags", state.etags)
        body = json.dumps(asdict(state.counts)).encode()
        if target == f"{CONTROL}reset":
            state.reset()
        self._write(200, f"Content-Length: {len(body)}\r\n", body)

    def _write(self, status: int, extra: str, body: bytes) -> None:
        if self._transport.is_closing():
            return
        head = (
            f"HTTP/1.1 {status} {http.client.responses[status]}\r\nDate: {formatdate(usegmt=True)}\r\n"
            f"{self._state.answers.headers}{extra}\r\n"
        )
        self._transport.write(head.encode("latin-1") + body)


class LatencyServer:
    """The server as its user sees it: an address, the counts, and what to change."""

    def __init__(self, kind: str = "github", latency: float = 0.05) -> None:
        self.kind = kind
        command = [sys.executable, "-m", "benchmarks.server", "--host", kind, "--latency", str(latency)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.web = f"http://127.0.0.1:{self.port}"
        self.api = f"{self.web}{HOSTS[kind].prefix}"
        self._control = http.client.HTTPConnection("127.0.0.1", self.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._control.close()
        self._process.terminate()
        self._process.wait()

    def reset(self, **asked: Any) -> None:
        """Begin to count anew; `latency` in seconds and `etags` may be changed."""
        self._ask("reset", asked)

    def counts(self) -> Counts:
        """What has happened since the last reset."""
        return Counts(**self._ask("counts", {}))

    def _ask(self, what: str, asked: dict[str, Any]) -> dict[str, int]:
        self._control.request("POST", f"{CONTROL}{what}", json.dumps(asked))
        told: dict[str, int] = json.loads(self._control.getresponse().read())
        return told


async def _serve(kind: str, latency: float) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    port = listening.getsockname()[1]
    state = State(HOSTS[kind](f"http://127.0.0.1:{port}"), latency)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(state), sock=listening)
    print(port, flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds before each answer")
    parser.add_argument("--host", choices=HOSTS, default="github", help="whose answers")
    asked = parser.parse_args()
    asyncio.run(_serve(asked.host, asked.latency))


if __name__ == "__main__":
    main()
