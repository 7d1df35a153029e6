"""A pull request's head into the work tree: fetched, put on a local branch, and nothing of the user's is lost for it.

Everything is looked at before anything is changed; what git itself refuses (files that would be overwritten, a merge in
the middle) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pullbridge.errors import NotThere, Rejected
from pullbridge.local import fetching, git
from pullbridge.local.checkout import Checkout, Remote
from pullbridge.model.checkouts import BranchChange, CheckedOut
from pullbridge.model.refs import RepoRef

#: What an address without a scheme, `git@host:path`, and one with it are fetched over.
_PROTOCOLS: Final = {"https": "https", "http": "http", "ssh": "ssh", "git+ssh": "ssh", "": "ssh"}
_MISSING: Final = (1, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a head may be fetched: a remote's name or an address, the ref there, and the branch that it tracks, if any."""

    remote: str
    ref: str
    tracked: str | None = None


def remote_of(checkout: Checkout, repository: RepoRef) -> Remote | None:
    """The remote that is fetched from this repository."""
    wanted = repository.web.lower(), repository.path.lower()
    return next(
        (each for each in checkout.remotes if (each.fetch.web.lower(), each.fetch.path.lower()) == wanted), None
    )


def beside(checkout: Checkout, remote: Remote, fork: RepoRef) -> str:
    """The address of a fork on the same server, written as the remote's own. Raises `Rejected` where none can be made."""
    url = _url(checkout.top, remote.name)
    before, path, after = url.rpartition(remote.fetch.path)
    if not path or remote.fetch.web.lower() != fork.web.lower() or after not in {"", ".git", "/", ".git/"}:
        text = f"The address of {fork} does not follow from that of {remote.name}."
        raise Rejected(text, problems=("no remote is that fork",), next_step="Add it with `git remote add`.")
    return f"{before}{fork.path}{after}"


def check_out(
    checkout: Checkout,
    number: int,
    sources: Sequence[Source],
    branch: str,
    *,
    patience: float = fetching.PATIENCE,
    stop: Callable[[], None] = lambda: None,
) -> CheckedOut:
    """Fetch the first of the sources that is there, and switch to a local branch that has it.

    A branch of that name comes forward to it, if it has no commits of its own. Raises `Rejected` for one that has, for a
    name that is none, for local changes that would be overwritten, and what `Client.run` raises.
    """
    top = checkout.top
    _checked(top, branch, sources)
    client = fetching.client(top, _protocols(top, sources))
    kept = f"refs/pullbridge/{number}"
    try:
        source = _fetched(client, sources, kept, patience, stop)
        commit = _commit(top, kept) or ""
        change = _change(top, branch, commit)
        _switched(client, checkout, branch, commit)
        if change is BranchChange.MADE:
            _follow(top, branch, source, number)
    finally:
        git.read(top, "update-ref", "-d", kept, silent=_MISSING)
    return CheckedOut(
        number=number,
        branch=branch,
        commit=commit,
        remote=_shown(source.remote),
        ref=source.ref,
        change=change,
        left_out=client.left_out,
    )


def _checked(top: Path, branch: str, sources: Sequence[Source]) -> None:
    """A name may come from anybody, and stands in what git is told to do."""
    for name in (f"refs/heads/{branch}", *(source.ref for source in sources)):
        bad = branch.startswith("-") or branch == "HEAD"
        if bad or git.read(top, "check-ref-format", name, silent=(1,)) is None:
            problem = f"{name!r} is no name of a branch"
            raise Rejected(f"{problem}.", problems=(problem,), next_step="Give the local branch another name.")
    if not (top / ".git").exists():
        # `core.worktree` may name any folder: https://git-scm.com/docs/git-config
        problem = f"{top} is the work tree of a repository elsewhere"
        raise Rejected(f"{problem}.", problems=(problem,), next_step="Check it out by git itself.")


def _protocols(top: Path, sources: Sequence[Source]) -> str:
    found: dict[str, None] = {}
    for source in sources:
        url = _url(top, source.remote)
        scheme = urlsplit(url).scheme if "://" in url else ""
        found[_PROTOCOLS.get(scheme, "https:ssh")] = None
    return ":".join(found)


def _url(top: Path, remote: str) -> str:
    """A remote's address; what has a colon is no remote's name, but one already."""
    if ":" in remote:
        return remote
    return (git.read(top, "remote", "get-url", "--", remote) or b"").decode("utf-8", "replace").partition("\n")[0]


def _fetched(
    client: fetching.Client, sources: Sequence[Source], kept: str, patience: float, stop: Callable[[], None]
) -> Source:
    """Fetch from the first source that is there; the last one's absence is the caller's to know."""
    missing: NotThere | None = None
    for source in sources:
        wanted = [f"+{source.ref}:{kept}", *([f"+{source.ref}:{source.tracked}"] if source.tracked else [])]
        options = ("--no-tags", "--no-recurse-submodules", "--no-progress", "--refmap=", "--end-of-options")
        try:
            client.run("fetch", *options, source.remote, *wanted, patience=patience, stop=stop)
        except NotThere as error:
            missing = error
        else:
            return source
    raise missing or NotThere("There is nothing to fetch.", what="source", next_step="Look at the pull request.")


def _change(top: Path, branch: str, commit: str) -> BranchChange:
    """What is to become of the branch. Raises `Rejected` where it has what the pull request has not."""
    now = _commit(top, f"refs/heads/{branch}")
    if now is None:
        return BranchChange.MADE
    if now == commit:
        return BranchChange.KEPT
    ahead = (git.read(top, "rev-list", "--count", f"{commit}..{now}") or b"").decode()
    if ahead != "0":
        problem = f"the branch {branch} has commits ({ahead}) that the pull request has not"
        step = "Push or rename that branch, or give another name for the local one."
        raise Rejected(f"Nothing is checked out: {problem}.", problems=(problem,), next_step=step)
    return BranchChange.FORWARDED


def _switched(client: fetching.Client, checkout: Checkout, branch: str, commit: str) -> None:
    """Switch as git does, with what is changed here carried along where nothing of it is overwritten.

    Ignored files are overwritten no more than others. Of a partial clone, files come from the remote just fetched from.
    """
    _free(checkout, branch)
    offline = fetching.Client(client.top, client.options, "", client.left_out)
    able = client if _promised(checkout.top) else offline
    if checkout.branch == branch:
        able.run("merge", "--ff-only", "--no-overwrite-ignore", "--no-autostash", "--quiet", commit)
    else:
        able.run("switch", "--quiet", "--no-overwrite-ignore", "--no-track", "-C", branch, commit)


def _free(checkout: Checkout, branch: str) -> None:
    """Neither another worktree's branch is moved under it, nor are commits left that no branch has."""
    told = (git.read(checkout.top, "worktree", "list", "--porcelain") or b"").decode("utf-8", "replace")
    if checkout.branch != branch and f"branch refs/heads/{branch}" in told.splitlines():
        problem = f"the branch {branch} is checked out in another worktree"
        raise Rejected(f"{problem}.", problems=(problem,), next_step="Work there, or give another name.")
    if checkout.branch is None and checkout.head is not None:
        having = git.read(checkout.top, "for-each-ref", "--count=1", "--contains", checkout.head)
        if not having:
            problem = f"the commit {checkout.head[:12]} that is checked out is on no branch"
            raise Rejected(f"{problem}.", problems=(problem,), next_step="Keep it with `git branch NAME`.")


def _promised(top: Path) -> bool:
    """Whether files that are not here may be fetched: no remote but those asked for has promised them."""
    told = git.read(top, "config", "--get-regexp", r"^remote\..*\.promisor$", silent=(1,))
    return len((told or b"").splitlines()) == 1


def _follow(top: Path, branch: str, source: Source, number: int) -> None:
    """Note where the branch came from, so that `git pull` and the commands here know it."""
    git.read(top, "config", f"branch.{branch}.remote", _shown(source.remote))
    git.read(top, "config", f"branch.{branch}.merge", source.ref)
    if source.tracked is None:
        git.read(top, "config", f"branch.{branch}.pullbridge", str(number))


def _commit(top: Path, ref: str) -> str | None:
    told = git.read(top, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", silent=_MISSING)
    return told.decode("ascii") if told else None


def _shown(remote: str) -> str:
    """An address without the user and password that may stand in it over the web."""
    return re.sub(r"^(https?://)[^/]*@", r"\1", remote)
