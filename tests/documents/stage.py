"""What stands behind the addresses that the documents name, while their code is run: embedded hosts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import pullbridge
from pullbridge import Credentials, Host, Pull, Repository, Settings, Token
from pullbridge.testing import Forge, RepositoryHandle

#: The library's own, before a page's are put in their place.
_connect, _open_host = pullbridge.connect, pullbridge.open_host
GITHUB, SERVER, GITLAB = "https://github.com", "https://ghe.example", "https://gitlab.com"
CLOUD, DATA_CENTER = "https://bitbucket.org", "https://bitbucket.example"
_KINDS = {
    GITHUB: "github",
    SERVER: "github",
    GITLAB: "gitlab",
    CLOUD: "bitbucket_cloud",
    DATA_CENTER: "bitbucket_dc",
}
#: The scopes of the reader's token, where it does not have all that there are.
_SCOPES = {"github": ("repo",), "gitlab": ("api",)}
#: What is new each time: numbers of comments and reviews, and commits.
_CHANGING = (
    (re.compile(r"_r\d+"), "_r"),
    (re.compile(r"#note_\d+"), "#note_"),
    (re.compile(r"#comment-\d+"), "#comment-"),
    (re.compile(r"commentId=\d+"), "commentId="),
    (re.compile(r"\b[0-9a-f]{40}\b"), "<commit>"),
)


class Stage:
    """The hosts of `_KINDS`, on which the reader of a page is signed in as ada. Each is made when it is first named."""

    def __init__(self, exit_: ExitStack) -> None:
        self._exit = exit_
        self._ago = timedelta()
        self._made: dict[str, Any] = {}

    def host(self, address: str) -> Any:
        """The one behind an address."""
        if address not in self._made:
            forge = self._exit.enter_context(Forge(clock=self._now))
            self._made[address] = getattr(forge, _KINDS[address])
        return self._made[address]

    @property
    def github(self) -> Any:
        return self.host(GITHUB)

    @property
    def server(self) -> Any:
        return self.host(SERVER)

    def connect(
        self, where: str, *, credentials: Credentials | None = None, settings: Settings | None = None
    ) -> Repository:
        where, more = self._there(where, credentials, settings)
        return _connect(where, **more)

    def open_host(self, url: str, *, credentials: Credentials | None = None, settings: Settings | None = None) -> Host:
        url, more = self._there(url, credentials, settings)
        return _open_host(url, **more)

    def page(self, path: str, address: str) -> str:
        """The page of a repository there."""
        owner, _, name = path.rpartition("/")
        home = f"projects/{owner.upper()}/repos/{name}" if _KINDS[address] == "bitbucket_dc" else path
        return f"{address}/{home}"

    def as_(self, user: str, path: str = "octo/app", address: str = GITHUB) -> Repository:
        """Somebody else, connected."""
        return self.connect(self.page(path, address), credentials=Token(self.host(address).token(user)))

    def settled(self, text: str) -> str:
        """What was printed, with the addresses that the page names, and without what is new each time."""
        for address, host in self._made.items():
            text = text.replace(host.url, address).replace(urlsplit(host.url).netloc, urlsplit(address).netloc)
        for pattern, word in _CHANGING:
            text = pattern.sub(word, text)
        return text.strip()

    def pull(
        self, app: RepositoryHandle, branch: str, files: Mapping[str, str], *, by: str, title: str, reviewer: str = ""
    ) -> Pull:
        """A pull request, from commit to creation."""
        app.commit(branch, files, message=title)
        address = next(each for each, host in self._made.items() if app.url.startswith(host.url))
        if reviewer:
            self.host(address).user(reviewer)
        with self.as_(by, app.path, address) as repo:
            return repo.pulls.create(
                title=title, source=branch, target="main", reviewers=[reviewer] if reviewer else []
            )

    @contextmanager
    def days_ago(self, days: float) -> Iterator[None]:
        """What is done inside was done then."""
        self._ago = timedelta(days=days)
        yield
        self._ago = timedelta()

    def _now(self) -> datetime:
        return datetime.now(UTC) - self._ago

    def install(self, name: str, entry_points: str) -> None:
        """Make a package known that is nothing but its entry points."""
        folder = Path(self._exit.enter_context(TemporaryDirectory()))
        told = folder / f"{name}-1.0.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
        (told / "entry_points.txt").write_text(entry_points, "utf-8")
        sys.path.append(str(folder))
        self._exit.callback(sys.path.remove, str(folder))

    def _there(self, where: str, credentials: Any, settings: Settings | None) -> tuple[str, dict[str, Any]]:
        for address, kind in _KINDS.items():
            if where.startswith(address):
                host, given = self.host(address), settings or Settings()
                known = host.settings
                there = replace(given, kind=known.kind, api_url=known.api_url, proxy=known.proxy)
                mine = credentials or Token(host.token("ada", _SCOPES.get(kind)))
                return where.replace(address, host.url), {"credentials": mine, "settings": there}
        return where, {"credentials": credentials, "settings": settings}
