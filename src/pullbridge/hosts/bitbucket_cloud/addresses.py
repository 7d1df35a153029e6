"""Where Bitbucket Cloud lives: pure. https://developer.atlassian.com/cloud/bitbucket/rest/intro/"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Base addresses without a trailing slash."""

    web: str
    rest: str

    @property
    def host(self) -> str:
        """The host as people name it, with its port where there is one."""
        return urlsplit(self.web).netloc

    @property
    def bases(self) -> tuple[str, ...]:
        """What an address in an answer may begin with. All is asked at the first; Bitbucket's pages have it at others.

        https://github.com/drone/go-scm/blob/master/scm/driver/bitbucket/testdata/ has recorded them.
        """
        return (self.rest, f"{self.web}/2.0", f"{self.web}/!api/2.0")


def addresses(web: str, api_url: str | None = None) -> Addresses:
    """The addresses of the Bitbucket whose pages are at `web`; `api_url` overrides where its REST API is."""
    parts = urlsplit(web.rstrip("/"))
    rest = api_url.rstrip("/") if api_url else f"{parts.scheme}://api.{parts.netloc}/2.0"
    return Addresses(web=web.rstrip("/"), rest=rest)


def is_cloud(host: str) -> bool:
    """Whether this exact name is Bitbucket Cloud's own; there is only one."""
    return host == "bitbucket.org"
