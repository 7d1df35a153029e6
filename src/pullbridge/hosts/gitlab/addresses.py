"""Where a GitLab lives: pure.

An instance may stand below a path of its origin, its relative URL root, which its API and its pages share:
https://docs.gitlab.com/install/relative_url/ and https://docs.gitlab.com/api/rest/#root-endpoint
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

_API = "/api/v4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Base addresses without a trailing slash. `web` has the instance's relative root, where it has one."""

    web: str
    rest: str
    graphql: str

    @property
    def host(self) -> str:
        """The host as people name it, with its port where there is one."""
        return urlsplit(self.web).netloc

    @property
    def token_info(self) -> str | None:
        """Where an OAuth token tells of itself; `None` where that is not on the API's own origin.

        https://docs.gitlab.com/api/oauth2/#retrieve-the-token-information
        """
        same = urlsplit(self.rest)[:2] == urlsplit(self.web)[:2]
        return f"{self.web}/oauth/token/info" if same else None

    @property
    def places(self) -> tuple[str, ...]:
        """All that is ever asked."""
        return tuple(place for place in (self.rest, self.graphql, self.token_info) if place is not None)

    @property
    def service(self) -> bool:
        """Whether it is gitlab.com, which is always the newest version."""
        return is_gitlab(self.host)


def addresses(web: str, api_url: str | None = None) -> Addresses:
    """The addresses of the GitLab whose pages are at `web`; `api_url` overrides where its REST API is."""
    web = web.rstrip("/")
    rest = api_url.rstrip("/") if api_url else f"{web}{_API}"
    graphql = f"{rest.removesuffix('/v4')}/graphql"
    return Addresses(web=root(web, api_url), rest=rest, graphql=graphql)


def root(web: str, api_url: str | None) -> str:
    """Where the pages are: the REST address tells an instance's relative root, if it is on the pages' own origin."""
    told = (api_url or "").rstrip("/")
    here, there = urlsplit(web), urlsplit(told)
    if not told.endswith(_API) or (here.scheme, here.netloc) != (there.scheme, there.netloc):
        return web
    return told.removesuffix(_API)


def is_gitlab(host: str) -> bool:
    """Whether this exact name is GitLab's own; an instance of somebody's can have any name and is told by a probe."""
    return host == "gitlab.com"
