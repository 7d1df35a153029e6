"""Addresses that people type, into names: pure.

`parse` reads what a browser, `git remote -v` or a person gives: web addresses of repositories and pull requests, clone
addresses over https and ssh, and the short form `git@host:path`.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from pullbridge.errors import Rejected
from pullbridge.model.refs import PullRef, RepoRef

#: Pull requests' pages: GitHub; GitLab, new and old; Bitbucket Cloud; Bitbucket Data Center.
_PULLS = (
    re.compile(r"^(?P<path>[^/]+/[^/]+)/pull/(?P<number>\d+)(?:/.*)?$"),
    re.compile(r"^(?P<path>.+?)/(?:-/)?merge_requests/(?P<number>\d+)(?:/.*)?$"),
    re.compile(
        r"^(?P<base>(?:.+/)?)(?P<kind>projects|users)/(?P<owner>[^/]+)/repos/(?P<name>[^/]+)/pull-requests/(?P<number>\d+)(?:/.*)?$"
    ),
    re.compile(r"^(?P<path>[^/]+/[^/]+)/pull-requests/(?P<number>\d+)(?:/.*)?$"),
)
_SCP = re.compile(r"^(?:[\w.-]+@)?(?P<host>[A-Za-z0-9][\w.-]*):(?P<path>(?!//)[^\s]+)$")
#: What the four hosts allow in a name, with a Data Center user's `~`: so that no name can leave its place in an address.
_SEGMENT = re.compile(r"^[\w~+.-]+$")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def parse(url: str) -> RepoRef | PullRef:
    """Read an address. Sends nothing; raises `Rejected` for what is no address of a repository or a pull request."""
    web, path = _split(url.strip())
    for pattern in _PULLS:
        match = pattern.match(path)
        if match:
            return PullRef(repository=_repository(web, match.groupdict()), number=int(match["number"]))
    return RepoRef(web=web, path=checked_path(_bare(path)))


def checked_path(path: str) -> str:
    """A repository's path: two parts or more, each a plain name. Raises `Rejected` for anything else."""
    parts = path.split("/")
    bad = next((part for part in parts if not _SEGMENT.match(part) or set(part) == {"."}), None)
    if len(parts) < 2 or bad is not None:
        what = f"{bad!r} is no name of an owner or a repository" if bad is not None else "it has an owner and a name"
        raise Rejected(f"{path!r} is no path of a repository: {what}.", problems=(what,), next_step="Write owner/name.")
    return path


def _split(url: str) -> tuple[str, str]:
    """The origin of the web pages, and the path below it without slashes around."""
    short = _SCP.match(url) if "://" not in url else None
    if short:
        return f"https://{short['host'].lower()}", short["path"].strip("/")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in {"https", "http", "ssh", "git+ssh"} or not _is_host(host):
        raise Rejected(
            f"{url!r} is no address of a repository.",
            problems=("it has no host, or no scheme that leads to one",),
            next_step="Write https://host/owner/name, or git@host:owner/name.",
        )
    if parts.query and "=" not in parts.query:
        raise Rejected(f"{url!r} is no address of a repository.", problems=("a name has no question mark",))
    scheme = "http" if parts.scheme == "http" else "https"
    # An ssh port says nothing about where the web pages are.
    over_web = parts.scheme in {"https", "http"} and port not in {None, _DEFAULT_PORTS.get(parts.scheme)}
    literal = f"[{host}]" if ":" in host else host
    return f"{scheme}://{literal}{f':{port}' if over_web else ''}", unquote(parts.path).strip("/")


def _is_host(host: str) -> bool:
    return bool(re.match(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:.]+$", host)) and ".." not in host


def _bare(path: str) -> str:
    """Without what a clone address adds: `.git` at the end, Data Center's `scm/` in front."""
    return re.sub(r"\.git$", "", re.sub(r"^scm/", "", path))


def _repository(web: str, found: dict[str, str | None]) -> RepoRef:
    if found.get("owner") is None:
        return RepoRef(web=web, path=checked_path(found["path"] or ""))
    owner = f"~{found['owner']}" if found["kind"] == "users" else found["owner"]
    base = (found["base"] or "").strip("/")
    return RepoRef(web=f"{web}/{base}" if base else web, path=checked_path(f"{owner}/{found['name']}"))
