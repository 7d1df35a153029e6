"""Where a GitHub lives: pure.

github.com and its data-residency tenants have an API host of their own; an Enterprise Server serves its API below
`/api`. https://docs.github.com/en/enterprise-server@3.19/rest/enterprise-admin#endpoint-urls and
https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Base addresses without a trailing slash."""

    web: str
    rest: str
    graphql: str

    @property
    def host(self) -> str:
        """The host as people name it, with its port where there is one."""
        return urlsplit(self.web).netloc

    @property
    def product(self) -> str:
        """`github.com`, `ghe.com` or `server`."""
        if self.host == "github.com":
            return "github.com"
        return "ghe.com" if self.host.endswith(".ghe.com") else "server"


def addresses(web: str, api_url: str | None = None) -> Addresses:
    """The addresses of the GitHub whose pages are at `web`; `api_url` overrides where its REST API is."""
    scheme, host = urlsplit(web).scheme, urlsplit(web).netloc
    rest = api_url.rstrip("/") if api_url else _rest(scheme, host)
    return Addresses(web=f"{scheme}://{host}", rest=rest, graphql=_graphql(rest))


def _rest(scheme: str, host: str) -> str:
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"{scheme}://api.{host}"
    return f"{scheme}://{host}/api/v3"


def _graphql(rest: str) -> str:
    return f"{rest.removesuffix('/v3')}/graphql" if rest.endswith("/api/v3") else f"{rest}/graphql"


def is_github(host: str) -> bool:
    """Whether this exact name is GitHub's own; an Enterprise Server can have any name and is told by a probe."""
    return host == "github.com" or (host.endswith(".ghe.com") and host.count(".") == 2)
