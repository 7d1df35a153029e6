"""A checkout: which repository it is of, which branch is checked out, and where that branch is pushed to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pullbridge import addresses
from pullbridge.errors import Rejected
from pullbridge.local import git
from pullbridge.model.diff import Commit
from pullbridge.model.refs import PullRef, RepoRef

#: By custom `upstream` is what a fork was made of, and `origin` what was cloned.
#: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/working-with-forks/configuring-a-remote-repository-for-a-fork
_BY_CUSTOM: Final = ("upstream", "origin")
#: What hosts let fetch of a pull request itself: GitHub and Bitbucket Data Center, GitLab.
_PULL: Final = re.compile(r"refs/(?:pull|merge-requests|pull-requests)/([1-9][0-9]{0,17})/(?:head|from)")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
#: Commits that a branch's own history is read back to.
_MOST_COMMITS: Final = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A remote that leads to a host: the repository that it is fetched from, and the one that it is pushed to."""

    name: str
    fetch: RepoRef
    push: RepoRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What a folder has checked out.

    `branch` is `None` when the head is detached, and `head` before the first commit. Of the remotes only those are here
    that lead to a host. `remote` names where the branch is pushed to and `published` what it is called there; both are
    git's own answers, and what git would do by default. `number` is the pull request that the branch was fetched from,
    where that is noted.
    """

    top: Path
    branch: str | None
    head: str | None
    remotes: tuple[Remote, ...]
    remote: str | None
    published: str | None
    number: int | None

    @property
    def base(self) -> Remote:
        """The remote whose repository gets the pull requests. Raises `Rejected` where nothing tells which that is."""
        by_name = {each.name: each for each in self.remotes}
        usual = [by_name[name] for name in (*_BY_CUSTOM, self.remote) if name in by_name]
        if usual or len(by_name) == 1:
            return (usual or self.remotes)[0]
        told = f"it may be any of {', '.join(by_name)}" if by_name else "none of its remotes leads to a host"
        text = f"{self.top} does not tell which repository its pull requests are in: {told}."
        raise Rejected(text, problems=(told,), next_step="Give the repository's address.")

    @property
    def repository(self) -> RepoRef:
        """The repository that gets the pull requests. Raises as `base` does."""
        return self.base.fetch

    @property
    def fork(self) -> RepoRef | None:
        """The repository that the branch is pushed to, where that is another one of the same host."""
        pushed, base = next((each.push for each in self.remotes if each.name == self.remote), None), self.repository
        if pushed is None or pushed.web.lower() != base.web.lower() or pushed.path.lower() == base.path.lower():
            return None
        return pushed

    @property
    def source(self) -> str | None:
        """How `pulls.find` knows the branch: `owner:branch` for one of a fork; `None` when the head is detached."""
        if self.published is None:
            return None
        return f"{self.fork.owner}:{self.published}" if self.fork is not None else self.published


def read(folder: str | os.PathLike[str] = ".") -> Checkout:
    """Read the checkout that a folder is in. Raises `Rejected` for a folder in none, and what `git.read` raises."""
    here = Path(folder)
    top = Path(os.fsdecode(git.read(here, "rev-parse", "--show-toplevel") or b""))
    branch = _text(git.read(top, "symbolic-ref", "--quiet", "HEAD", silent=(1,)))
    name = branch.removeprefix("refs/heads/") if branch else None
    remotes = tuple(_remotes(top))
    merge = _setting(top, f"branch.{name}.merge") if name else None
    pull = _PULL.fullmatch(merge or "")
    noted = pull[1] if pull else (_setting(top, f"branch.{name}.pullbridge") if name else None)
    remote, published = _pushed(top, name, {each.name for each in remotes}) if name else (None, None)
    return Checkout(
        top=top,
        branch=name,
        head=_text(git.read(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", silent=(1,))),
        remotes=remotes,
        remote=remote,
        published=published,
        number=int(noted) if noted and _NUMBER.fullmatch(noted) else None,
    )


def commits(checkout: Checkout, target: str) -> tuple[Commit, ...]:
    """The branch's own commits, oldest first: those that the target, as last fetched, has not; otherwise the last one.

    They come from the checkout alone; what is not pushed is among them.
    """
    if checkout.head is None:
        return ()
    tracked = f"refs/remotes/{checkout.base.name}/{target}"
    known = git.read(checkout.top, "rev-parse", "--verify", "--quiet", f"{tracked}^{{commit}}", silent=(1,))
    span = ["--max-count=1", "HEAD"] if known is None else [f"--max-count={_MOST_COMMITS}", f"{_text(known)}..HEAD"]
    told = _text(git.read(checkout.top, "log", "-z", "--no-merges", "--format=%H%n%B", *span, "--"))
    made = (entry.partition("\n") for entry in (told or "").split("\0") if entry)
    return tuple(Commit(id=sha, title=_title(message), message=message.strip()) for sha, _, message in made)[::-1]


def _title(message: str) -> str:
    """The first paragraph as one line, as git's `%s`."""
    return " ".join(message.strip().partition("\n\n")[0].split())


def _remotes(top: Path) -> Iterator[Remote]:
    for name in (_text(git.read(top, "remote")) or "").splitlines():
        # `get-url` has resolved `insteadOf` and `pushInsteadOf`: https://git-scm.com/docs/git-remote
        told = (git.read(top, "remote", "get-url", *more, "--", name, silent=(2, 128)) for more in ((), ("--push",)))
        fetch, push = (_address(_text(url)) for url in told)
        if fetch is not None:
            yield Remote(name=name, fetch=fetch, push=push or fetch)


def _pushed(top: Path, branch: str, known: set[str]) -> tuple[str | None, str]:
    """Where git would push the branch to: what is set for it, else `origin`, else the only remote."""
    form = "--format=%(push:remotename)%00%(upstream:remotename)%00%(push)"
    told = _text(git.read(top, "for-each-ref", form, f"refs/heads/{branch}")) or "\0\0"
    push, tracked, name = told.splitlines()[0].split("\0")
    only = next(iter(known)) if len(known) == 1 else None
    chosen = next((each for each in (push, tracked, "origin") if each in known), only)
    there = f"refs/remotes/{chosen}/"
    return chosen, name.removeprefix(there) if name.startswith(there) else branch


def _setting(top: Path, key: str) -> str | None:
    return _text(git.read(top, "config", "--get", key, silent=(1,)))


def _address(url: str | None) -> RepoRef | None:
    """A remote's repository; a path on this machine, and an address of no host, is none."""
    try:
        found = addresses.parse(url or "")
    except Rejected:
        return None
    return found.repository if isinstance(found, PullRef) else found


def _text(told: bytes | None) -> str | None:
    return None if told is None else told.decode("utf-8", "replace")
