"""Where a Bitbucket Data Center lives: pure.

An instance often stands below a context path of its origin (`/bitbucket`), which its pages, its REST and its clone
addresses share: https://confluence.atlassian.com/bitbucketserver/change-bitbucket-s-context-path-776640153.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pullbridge.addresses import server_page
from pullbridge.errors import Rejected
from pullbridge.hosts.encoding import quoted
from pullbridge.model.refs import RepoRef

#: What a REST address ends in: one of its services, and a version of it.
_SERVICE = re.compile(r"/rest(?:/[a-z-]+/(?:latest|\d+(?:\.\d+)?))?$")
#: What a project's key and a user's slug may hold: https://confluence.atlassian.com/bitbucketserver/creating-projects-776639848.html
_KEY = re.compile(r"~?[\w.+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Base addresses without a trailing slash. `web` has the context path; `rest` has one service beside another below."""

    web: str
    rest: str

    @property
    def host(self) -> str:
        """The host as people name it, with its port where there is one."""
        return urlsplit(self.web).netloc

    @property
    def places(self) -> tuple[str, ...]:
        """All that is ever asked."""
        return (self.rest,)


def addresses(web: str, api_url: str | None = None) -> Addresses:
    """The addresses of the instance whose pages are at `web`; `api_url` overrides where its REST is.

    That may be given with or without what comes behind the context path: `/rest`, `/rest/api/latest`, `/rest/api/1.0`.
    """
    web = web.rstrip("/")
    base = _base(api_url) if api_url else web
    return Addresses(web=root(web, api_url), rest=f"{base}/rest")


def root(web: str, api_url: str | None) -> str:
    """Where the pages are: the REST address tells the context path, if it is on the pages' own origin."""
    told = (api_url or "").rstrip("/")
    here, there = urlsplit(web), urlsplit(told)
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return _base(told) if same else web


def _base(api_url: str) -> str:
    return _SERVICE.sub("", api_url.rstrip("/"))


def place(*parts: str | int, service: str = "api") -> str:
    """A path below `/rest`, in the newest version of a service; every part is quoted, slashes too.

    https://developer.atlassian.com/server/bitbucket/rest/v902/intro/ (structure of the REST URIs)
    """
    return "/".join([f"/{service}/latest", *(quoted(part) for part in parts)])


def parted(ref: RepoRef) -> tuple[str, str]:
    """The project's key, or `~user` of a personal repository, and the repository's slug.

    Raises `Rejected` for anything else: the clone addresses of a mirror have its upstream's name before the project's,
    and a mirror answers git alone.
    https://confluence.atlassian.com/bitbucketserver/smart-mirroring-776640046.html
    """
    key, _, slug = ref.path.partition("/")
    if not _KEY.fullmatch(key) or not slug or "/" in slug:
        mirrored = ref.path.count("/") > 1
        problem = "a repository has a project's key and a name" if not mirrored else "it may be a mirror's address"
        step = "Give the address of its page on the upstream instance: …/projects/KEY/repos/name, or …/users/name/repos/name."
        raise Rejected(f"{ref} is no repository of Bitbucket Data Center.", problems=(problem,), next_step=step)
    return key, slug


def page(ref: RepoRef, *parts: str | int) -> str:
    """The address of a repository's page, or of one below it."""
    home = quoted(server_page(*parted(ref)), safe="/")
    return "/".join([f"{ref.web}/{home}", *(quoted(part, safe="/") for part in parts)])
