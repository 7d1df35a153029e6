"""The forge: hosts in this process, made when they are first asked for."""

from __future__ import annotations

import contextlib
import tempfile
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud
    from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter
    from pullbridge.testing.github.host import GitHub
    from pullbridge.testing.gitlab.host import GitLab


class Forge:
    """A stand-in for the hosts, on loopback ports and in a temporary folder; a context manager.

    Keyword arguments go to its hosts: `name`, `address`, `port` and `tls` (an `ssl.SSLContext`) for another address than
    `http://127.0.0.1` with a free port, `clock` for other times than today's. `enterprise_version` is for GitHub alone: a
    GitHub Enterprise Server. `gitlab_version` (`19.2.0-ee`; without `-ee` the Community Edition) and `gitlab_root`
    (`/gitlab`) are for GitLab alone, `dc_version` (`9.2.0`) and `dc_context` (`/bitbucket`) for Bitbucket Data Center.
    """

    def __init__(
        self,
        *,
        enterprise_version: str | None = None,
        gitlab_version: str | None = None,
        gitlab_root: str = "",
        dc_version: str | None = None,
        dc_context: str = "",
        **options: Any,
    ) -> None:
        self._options = options
        self._enterprise_version = enterprise_version
        self._gitlab: dict[str, Any] = {"root": gitlab_root}
        if gitlab_version is not None:
            self._gitlab["version"] = gitlab_version
        self._data_center: dict[str, Any] = {"context": dc_context}
        if dc_version is not None:
            self._data_center["version"] = dc_version
        self._exit = contextlib.ExitStack()

    @cached_property
    def _folder(self) -> Path:
        # a helper process of git may hold a file for a moment on Windows
        folder = tempfile.TemporaryDirectory(prefix="pullbridge-forge-", ignore_cleanup_errors=True)
        return Path(self._exit.enter_context(folder))

    @cached_property
    def github(self) -> GitHub:
        """GitHub."""
        from pullbridge.testing.github.host import GitHub  # noqa: PLC0415 - a forge loads the hosts that it needs

        (self._folder / "github").mkdir()
        host = GitHub(self._folder / "github", enterprise_version=self._enterprise_version, **self._options)
        self._exit.callback(host.close)
        return host

    @cached_property
    def gitlab(self) -> GitLab:
        """GitLab."""
        from pullbridge.testing.gitlab.host import GitLab  # noqa: PLC0415 - a forge loads the hosts that it needs

        (self._folder / "gitlab").mkdir()
        host = GitLab(self._folder / "gitlab", **self._gitlab, **self._options)
        self._exit.callback(host.close)
        return host

    @cached_property
    def bitbucket_dc(self) -> BitbucketDataCenter:
        """Bitbucket Data Center."""
        from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter  # noqa: PLC0415 - as above

        (self._folder / "bitbucket-dc").mkdir()
        host = BitbucketDataCenter(self._folder / "bitbucket-dc", **self._data_center, **self._options)
        self._exit.callback(host.close)
        return host

    @cached_property
    def bitbucket_cloud(self) -> BitbucketCloud:
        """Bitbucket Cloud."""
        from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud  # noqa: PLC0415 - as above

        (self._folder / "bitbucket_cloud").mkdir()
        host = BitbucketCloud(self._folder / "bitbucket_cloud", **self._options)
        self._exit.callback(host.close)
        return host

    def close(self) -> None:
        """Stop all hosts and delete everything."""
        self._exit.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
