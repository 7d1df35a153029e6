"""A repository with one open pull request, on any of a forge's hosts, seen in the words that all of them share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

import pullbridge
from pullbridge import Anchor, DraftComment, Repository, Settings, Token
from pullbridge.testing import Exchange, Forge, RepositoryHandle
from pullbridge.testing.host import Host

#: Every host, by `Settings.kind`, with the repository that it is asked about.
PATHS = {"github": "octo/app", "gitlab": "octo/app", "bitbucket-cloud": "octo/app", "bitbucket-dc": "OCTO/app"}
KINDS = tuple(PATHS)
#: The hosts over which the themes that are tried over GitHub are tried once more, in `test_elsewhere_*`.
OTHERS = ("gitlab", "bitbucket-dc", "bitbucket-cloud")
elsewhere = pytest.mark.parametrize("site", OTHERS, indirect=True)
elsewhere_still = pytest.mark.parametrize("still_site", OTHERS, indirect=True)

TEXT = "".join(f"line {number}\n" for number in range(1, 61))
#: The first lines of a.txt that the diff shows, and a line between its two hunks that it does not show.
SHOWN, HIDDEN = 10, 25


def changed(*numbers: int, text: str = TEXT) -> str:
    """The text with some of its lines changed."""
    for number in numbers:
        text = text.replace(f"line {number}\n", f"line {number}, changed\n")
    return text


@dataclass
class Site:
    """`ada` opened pull request 1 from `fix` to `main`; it changes lines 10 and 40 of a.txt, and line 5 of b.txt."""

    kind: str
    forge: Forge
    app: RepositoryHandle
    stack: ExitStack
    head: str
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> Host:
        """The server itself."""
        return host_of(self.forge, self.kind)

    def token(self, user: str) -> str:
        if user not in self.tokens:
            self.tokens[user] = self.host.token(user)
        return self.tokens[user]

    @property
    def repo(self) -> Repository:
        """A new connection of `bob`'s, who reviews."""
        return self.connect()

    def connect(
        self, user: str = "bob", *, where: str | None = None, token: str | None = None, **how: Any
    ) -> Repository:
        """Connect as a user; `how` are settings. Closed with the test."""
        settings: Settings = replace(self.host.settings, **how)
        credentials = Token(token or self.token(user))
        return self.stack.enter_context(
            pullbridge.connect(where or self.app.url, credentials=credentials, settings=settings)
        )

    def push(self, *numbers: int, **files: str) -> str:
        """Push onto the source branch: lines of a.txt changed beside those that are, or whole files by name."""
        texts = {name.replace("_", "."): text for name, text in files.items()}
        if numbers:
            texts["a.txt"] = changed(10, 40, *numbers)
        self.head = self.app.commit("fix", texts, "Push")
        return self.head

    def at(self, line: int = SHOWN, *, commit: str | None = None, path: str = "a.txt") -> Anchor:
        return Anchor.line(path, line, commit=commit or self.head)

    def draft(self, body: str, line: int = SHOWN, **at: Any) -> DraftComment:
        return DraftComment(body, at=self.at(line, **at))

    def thread(self, body: str = "First?", line: int = SHOWN, user: str = "ada") -> str:
        """A thread that is there already; its id."""
        repo = self.connect(user)
        return repo.threads.start(1, body, at=self.at(line)).id

    # What arrived, and what became of it.

    @property
    def requests(self) -> list[Exchange]:
        return self.host.requests

    def writes(self) -> list[Exchange]:
        """The requests that write: GraphQL queries only read."""
        return [each for each in self.requests if is_write(each)]

    def said(self) -> list[str]:
        """Every published text of a conversation or a review, as anybody may read it, sorted; it leaves no trace in `requests`."""
        with self.undisturbed():
            repo = self.connect("somebody")
            threads = [comment.body for thread in repo.threads.list(1) for comment in thread.comments]
            return sorted([*threads, *(review.body for review in repo.reviews.list(1) if review.body)])

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """No fault meanwhile, and no trace of what is asked."""
        faults, requests = self.host._wire.faults, list(self.requests)
        self.host.behave()
        try:
            yield
        finally:
            self.host._wire.faults = faults
            self.requests[:] = requests

    @contextmanager
    def at_fault(self, do: Callable[[], object] | None) -> Iterator[None]:
        """Do this meanwhile, as soon as a request meets a fault: never before it has left, however slow the machine."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.01):
                if do is not None and any(each.fault for each in self.requests):
                    do()
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def instead(self, answer: Callable[[Request, Response], Response | None], *, times: int = 1) -> None:
        """Let the host handle and store, then answer otherwise where `answer` gives something, `times` times."""
        wire = self.host._wire
        handle, left = wire._handle, [times]

        def handled(request: Request) -> Response:
            true = handle(request)
            other = answer(request, true) if left[0] else None
            left[0] -= other is not None
            return other or true

        wire._handle = handled


def host_of(forge: Forge, kind: str) -> Host:
    """The forge's server of this kind."""
    found: Host = getattr(forge, kind.replace("-", "_"))
    return found


def is_write(exchange: Exchange) -> bool:
    return exchange.method != "GET" and not is_graph_read(exchange.path, exchange.body)


def is_graph_read(path: str, body: bytes) -> bool:
    """Whether this is a GraphQL query, which is posted and only reads."""
    return path.endswith("/graphql") and b'"query":"mutation' not in body.replace(b'": "', b'":"')


def opened(forge: Forge, stack: ExitStack, kind: str, **repository: Any) -> Site:
    """Set the scene, with the log of requests empty."""
    host = host_of(forge, kind)
    app = host.repository(PATHS[kind], files={"a.txt": TEXT, "b.txt": TEXT}, **repository)
    head = app.commit("fix", {"a.txt": changed(10, 40), "b.txt": changed(5)})
    site = Site(kind, forge, app, stack, head)
    with pullbridge.connect(app.url, credentials=Token(site.token("ada")), settings=host.settings) as repo:
        repo.pulls.get(repo.pulls.create("Change two files", "fix", "main", "As agreed."))
    site.requests.clear()
    return site
