"""Addresses that people type, into names: pure.

`parse` reads what a browser, `git remote -v` or a person gives: web addresses of repositories and pull requests, clone
addresses over https and ssh, and the short form `git@host:path`. Names and passwords in an address are left out of what
comes back, and out of every message.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from pullbridge.errors import Rejected
from pullbridge.model.refs import PullRef, RepoRef

_NUMBER = r"(?P<number>[1-9][0-9]{0,17})(?:/.*)?"
_SERVER = r"(?P<base>(?:.+/)?)(?P<kind>projects|users)/(?P<owner>[^/]+)/repos/(?P<name>[^/]+)"
#: Pull requests' pages: GitHub; GitLab, new and old; Bitbucket Cloud; Bitbucket Data Center.
_PULLS = (
    re.compile(rf"(?P<path>[^/]+/[^/]+)/pull/{_NUMBER}"),
    re.compile(rf"(?P<path>.+?)/(?:-/)?merge_requests/{_NUMBER}"),
    re.compile(rf"{_SERVER}/pull-requests/{_NUMBER}"),
    re.compile(rf"(?P<path>[^/]+/[^/]+)/pull-requests/{_NUMBER}"),
)
#: Other pages of a repository, and what a clone address adds: Data Center's pages and its `scm/`, GitLab's `/-/`.
_PLACES = (
    re.compile(rf"{_SERVER}(?:/.*)?"),
    re.compile(r"(?P<base>(?:.+/)?)(?P<kind>scm)/(?P<owner>~?[^/]+)/(?P<name>[^/]+)"),
    re.compile(r"(?P<path>.+?)/-(?:/.*)?"),
)
#: Where every path is `owner/name`, so that the rest of a page's address can be told from it.
_TWO_PARTS = frozenset({"github.com", "bitbucket.org"})
_CLOUD = _TWO_PARTS | {"gitlab.com"}
#: Other names of the same host: https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port,
#: https://about.gitlab.com/blog/gitlab-dot-com-now-supports-an-alternate-git-plus-ssh-port/ and
#: https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-ssh-issues/
_SAME = {
    "www.github.com": "github.com",
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "www.bitbucket.org": "bitbucket.org",
    "altssh.bitbucket.org": "bitbucket.org",
}
#: One letter before the colon is a drive.
_SHORT = re.compile(r"(?:[^@/:]+@)?(?P<host>[A-Za-z0-9][\w.-]+):(?P<path>(?!//)[^@]+)")
#: An international name is to be written as the name system has it (`xn--…`), for two standards translate it differently.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
#: What the four hosts allow in a name, with a Data Center user's `~`: so that no name can leave its place in an address.
_SEGMENT = re.compile(r"[\w~+.-]+")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def parse(url: str) -> RepoRef | PullRef:
    """Read an address. Sends nothing; raises `Rejected` for what is no address of a repository or a pull request."""
    web, path = _split(url)
    for pattern in _PULLS:
        match = pattern.fullmatch(path)
        if match:
            return PullRef(repository=_repository(web, match.groupdict()), number=int(match["number"]))
    host = web.partition("://")[2]
    if host in _TWO_PARTS:
        return _repository(web, {"path": "/".join(path.split("/")[:2])})
    places = _PLACES[-1:] if host in _CLOUD else _PLACES
    match = next((found for each in places if (found := each.fullmatch(path))), None)
    return _repository(web, match.groupdict() if match else {"path": path})


def site(url: str) -> str:
    """The address of a host's pages, from what a person calls it. Raises `Rejected` for what is none."""
    web, path = _split(url if "://" in url else f"https://{url}")
    if not path:
        return web
    if web.partition("://")[2] in _CLOUD or not all(_is_name(part) for part in path.split("/")):
        raise Rejected(
            f"{_shown(url)!r} is no address of a host.",
            problems=("it goes on behind the host",),
            next_step="Write https://host, or `connect` to a repository.",
        )
    return f"{web}/{path}"


def checked(ref: RepoRef) -> RepoRef:
    """A name that somebody put together, in its plain form. Raises `Rejected` as `site` and `checked_path` do."""
    if "@" in ref.web:
        problem = "its web address holds a user, behind which the host hides"
        raise Rejected(f"{_shown(ref.web)!r} is no address of a host: {problem}.", problems=(problem,))
    return replace(ref, web=site(ref.web), path=checked_path(ref.path))


def checked_path(path: str) -> str:
    """A repository's path: two parts or more, each a plain name. Raises `Rejected` for anything else."""
    parts = path.split("/")
    bad = next((part for part in parts if not _is_name(part)), None)
    if len(parts) < 2 or bad is not None:
        what = f"{bad!r} is no name of an owner or a repository" if bad is not None else "it has an owner and a name"
        raise Rejected(f"{path!r} is no path of a repository: {what}.", problems=(what,), next_step="Write owner/name.")
    return path


def _is_name(part: str) -> bool:
    return bool(_SEGMENT.fullmatch(part)) and set(part) != {"."}


def _split(url: str) -> tuple[str, str]:
    """The origin of the web pages, and the path below it without slashes around."""
    url = url.strip()
    short = _SHORT.fullmatch(url) if "://" not in url else None
    scheme, host, port, path, query = ("ssh", short["host"], None, short["path"], "") if short else _parts(url)
    host = host.lower().rstrip(".")
    # What some readers take for a slash, or leave out, is where two of them see two different hosts.
    clear = not re.search(r"[\\\s]", url) and _HOST.fullmatch(host) and ".." not in host
    if scheme not in {"https", "http", "ssh", "git+ssh"} or not clear:
        raise Rejected(
            f"{_shown(url)!r} is no address of a repository.",
            problems=("it has no host, or no scheme that leads to one",),
            next_step="Write https://host/owner/name, or git@host:owner/name.",
        )
    # A browser climbs where `..` says so, and some readers take an encoded slash for one.
    unclear = re.search(r"%2f|%5c", path, re.IGNORECASE) or {".", ".."} & set(unquote(path).split("/"))
    if unclear or (query and "=" not in query):
        raise Rejected(
            f"{_shown(url)!r} is no address of a repository.",
            problems=("its path leads elsewhere",) if unclear else ("a name has no question mark",),
            next_step="Write https://host/owner/name.",
        )
    # An ssh port says nothing about where the web pages are.
    over_web = scheme in _DEFAULT_PORTS and port not in {None, _DEFAULT_PORTS[scheme]}
    literal = f"[{host}]" if ":" in host else _SAME.get(host, host)
    web = f"{'http' if scheme == 'http' else 'https'}://{literal}{f':{port}' if over_web else ''}"
    return web, unquote(path).strip("/")


def _parts(url: str) -> tuple[str, str, int | None, str, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", "", None, "", ""
    return parts.scheme, host, port, parts.path, parts.query


def _shown(url: str) -> str:
    """An address without the name and the password that may stand before its host."""
    return url.rpartition("@")[2]


def _repository(web: str, found: dict[str, str | None]) -> RepoRef:
    """`.git` at the end is what a clone address adds."""
    if found.get("owner") is None:
        return RepoRef(web=web, path=checked_path((found["path"] or "").removesuffix(".git")))
    owner = f"~{found['owner']}" if found["kind"] == "users" else found["owner"]
    base = (found["base"] or "").strip("/")
    name = (found["name"] or "").removesuffix(".git")
    path = checked_path(f"{owner}/{name}")
    if base and not all(_is_name(part) for part in base.split("/")):
        raise Rejected(f"{base!r} is no place of a server's pages.", problems=("a part of it is no plain name",))
    return RepoRef(web=f"{web}/{base}" if base else web, path=path, page=server_page(owner or "", name))


def server_page(owner: str, name: str) -> str:
    """Where a server that parts repositories by projects and users has the page of one; `~` is before a user's name.

    Users are there in small letters: https://developer.atlassian.com/server/bitbucket/rest/v902/ (`slug` of a user)
    """
    return f"users/{owner[1:].lower()}/repos/{name}" if owner.startswith("~") else f"projects/{owner}/repos/{name}"
