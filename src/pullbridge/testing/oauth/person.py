"""Somebody with a browser, without a screen: signed in at the host, answers what it asks, and goes where it leads."""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

#: How long a page may take, in seconds.
PATIENCE = 20


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the browser shows: the address (with the code in it), the status and the text."""

    url: str = field(repr=False)
    status: int
    text: str
    headers: dict[str, str]


class _Stay(HTTPRedirectHandler):
    """Redirects are looked at, not followed."""

    def redirect_request(self, *_args: Any) -> None:
        return None


class Person:
    """Who answers a consent page: with yes, or with no (`denies`), or with less than was asked for (`only`).

    Called with an address it does what opening a browser does: it answers at once, and the rest happens in a thread.
    `pages` are what the application's own address showed; `wait()` waits for that.
    """

    def __init__(
        self,
        cookie: str,
        *,
        denies: bool = False,
        only: tuple[str, ...] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._cookie = cookie
        self._denies = denies
        self._only = only
        handlers = [ProxyHandler({}), _Stay(), *([HTTPSHandler(context=tls)] if tls else [])]
        self._browser: OpenerDirector = build_opener(*handlers)
        self._threads: list[threading.Thread] = []
        self.opened: list[str] = []
        self.pages: list[Page] = []

    def __call__(self, url: str) -> bool:
        """Open an address as a browser does."""
        self.opened.append(url)
        thread = threading.Thread(target=self._visit, args=(url,), name="pullbridge-person", daemon=True)
        self._threads.append(thread)
        thread.start()
        return True

    def _visit(self, url: str) -> None:
        there = self.answer(url)
        if there:
            self.pages.append(self.look(there))

    def wait(self, timeout: float = PATIENCE) -> None:
        """Wait until all that was opened has been seen."""
        for thread in self._threads:
            thread.join(timeout)

    def answer(self, url: str) -> str:
        """Answer what an authorize address asks, and return where it leads; nobody goes there. Empty: nowhere."""
        page = self._open(url, cookie=True)
        if page.status == 200:
            form = {"decision": "deny" if self._denies else "allow"}
            if self._only is not None:
                form["granted"] = " ".join(self._only)
            page = self._open(url, cookie=True, form=form)
        where = page.headers.get("Location", "")
        if not where:
            self.pages.append(page)
        return urljoin(url, where) if where else ""

    def look(self, url: str) -> Page:
        """Look at an address of the application's, which is told nothing of the host's cookies."""
        return self._open(url, cookie=False)

    def _open(self, url: str, *, cookie: bool, form: dict[str, str] | None = None) -> Page:
        request = Request(url, data=None if form is None else urlencode(form).encode())  # noqa: S310 - http on loopback
        request.add_header("User-Agent", "Mozilla/5.0")
        if cookie:
            request.add_header("Cookie", self._cookie)
        try:
            answer: IO[bytes] = self._browser.open(request, timeout=PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode(errors="replace")
            status, headers = getattr(answer, "status", 0), dict(getattr(answer, "headers", {}))
        return Page(url=url, status=status, text=text, headers=headers)
