"""GitLab: gitlab.com, and instances of one's own, below a path of their origin too."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.hosts.gitlab.addresses import is_gitlab, root
from pullbridge.hosts.gitlab.signing_in import oauth
from pullbridge.ports import HostPort, Opening, Provider, Sign

#: What names the host that the other variables are for.
_NAMING = ("GITLAB_HOST", "GITLAB_URI", "GL_HOST")


def _open(opening: Opening) -> HostPort:
    from pullbridge.hosts.gitlab.host import GitLabHost  # noqa: PLC0415  # loads python-gitlab, only when it is needed

    return GitLabHost(opening)


def _ambient(host: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables of GitLab's own tool, each for one host only: the one that is named, or a job's own, or gitlab.com.

    https://docs.gitlab.com/cli/ (environment variables), https://docs.gitlab.com/ci/variables/predefined_variables/
    """
    named = next((_host(environment[name]) for name in _NAMING if environment.get(name, "").strip()), "")
    here = _host(environment.get("CI_SERVER_URL", "") or environment.get("CI_SERVER_HOST", ""))
    if host != (named or here or "gitlab.com"):
        return ()
    # A name as plain as that is GitLab's only where somebody says which GitLab is meant.
    plain = ("OAUTH_TOKEN",) if named else ()
    # As GitLab's tool: a job's token can do so little that it is used only where that is asked for.
    asked = environment.get("GLAB_ENABLE_CI_AUTOLOGIN", "").lower() in {"1", "true"}
    job = ("CI_JOB_TOKEN",) if asked and host == here else ()
    return ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", *plain, *job)


def _host(text: str) -> str:
    """The host, and its port, in what may be a whole address."""
    return text.strip().lower().rpartition("://")[2].partition("/")[0]


def _shows_server(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """An instance tells its version to nobody in particular; older ones refuse without the header of the newer."""
    if any(name.lower() == "x-gitlab-meta" for name in headers):
        return status in {200, 401, 403}
    return status == 401 and body.replace(b" ", b"") == b'{"message":"401Unauthorized"}'


PROVIDER = Provider(
    kind="gitlab",
    name="GitLab",
    owns=is_gitlab,
    open=_open,
    ambient=_ambient,
    sign=Sign(path="/api/v4/version", shows=_shows_server, below=True),
    root=root,
    oauth=oauth,
)
