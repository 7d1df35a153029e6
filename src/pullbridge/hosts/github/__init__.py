"""GitHub: github.com, its data-residency tenants on ghe.com, and GitHub Enterprise Server."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.hosts.github.addresses import is_github
from pullbridge.hosts.github.signing_in import oauth
from pullbridge.ports import HostPort, Opening, Provider, Sign


def _open(opening: Opening) -> HostPort:
    from pullbridge.hosts.github.host import GitHubHost  # noqa: PLC0415  # loads PyGithub, only when it is needed

    return GitHubHost(opening)


def _ambient(host: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables of GitHub's own tool, which keeps servers apart: https://cli.github.com/manual/gh_help_environment"""
    if host == "github.com" or host.endswith(".ghe.com"):
        return ("GH_TOKEN", "GITHUB_TOKEN")
    if environment.get("GH_HOST", "").strip().lower() == host:
        return ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
    return ()


def _shows_server(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """An Enterprise Server says so in a header, even when it answers nobody in particular with a 401 (private mode)."""
    del body
    return status in {200, 401, 403} and any(name.lower() == "x-github-request-id" for name in headers)


PROVIDER = Provider(
    kind="github",
    name="GitHub",
    owns=is_github,
    open=_open,
    ambient=_ambient,
    sign=Sign(path="/api/v3/meta", shows=_shows_server),
    oauth=oauth,
)
