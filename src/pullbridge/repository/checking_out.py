"""A pull request's head into the checkout that the repository was connected from: where it is fetched, and its branch."""

from __future__ import annotations

from pullbridge.errors import NotThere, Rejected
from pullbridge.local import checkout as local
from pullbridge.local.checkout import Checkout, Remote
from pullbridge.local.fetching import PATIENCE
from pullbridge.local.switching import Source, beside, remote_of
from pullbridge.local.switching import check_out as checked_out
from pullbridge.model.checkouts import CheckedOut
from pullbridge.model.pulls import Pull, PullState
from pullbridge.repository.verb import PullLike, Session
from pullbridge.transport.call import check, time_left


def check_out(session: Session, pull: PullLike, branch: str | None) -> CheckedOut:
    """Read the pull request, fetch its head and switch to it. See `Repository.checkout`."""
    if session.checkout is None:
        text = f"{session.ref} was not connected from a checkout."
        step = 'Connect to the folder of one: pullbridge.connect("path/to/checkout").'
        raise Rejected(text, problems=("no checkout",), next_step=step)
    here = local.read(session.checkout.top)
    remote = remote_of(here, session.ref) or here.base
    found = session.port.pulls.get(session.number(pull))
    session.memory.saw(found.number, pull=found)
    sources = _sources(session, here, remote, found)
    left = time_left()
    patience = PATIENCE if left is None else left
    return checked_out(here, found.number, sources, branch or _name(found), patience=patience, stop=check)


def _own(pull: Pull) -> bool:
    """Whether its branch is in the repository that it is for."""
    source, target = pull.source.repository, pull.ref.repository
    return source is not None and source.path.lower() == target.path.lower()


def _name(pull: Pull) -> str:
    source = pull.source.repository
    if _own(pull):
        return pull.source.name
    return f"{source.owner if source is not None else f'pull-{pull.number}'}/{pull.source.name}".lstrip("~")


def _sources(session: Session, here: Checkout, remote: Remote, pull: Pull) -> list[Source]:
    """The branch while it is open and here, so that it can be pushed to; the host's ref; the fork's branch."""
    branch = f"refs/heads/{pull.source.name}"
    kept = session.port.pull_ref(pull.number)
    found: list[Source] = []
    if _own(pull) and (pull.state is PullState.OPEN or kept is None):
        found.append(Source(remote=remote.name, ref=branch, tracked=f"refs/remotes/{remote.name}/{pull.source.name}"))
    if kept is not None:
        found.append(Source(remote=remote.name, ref=kept))
    if not found and pull.source.repository is not None:
        fork = remote_of(here, pull.source.repository)
        address = fork.name if fork is not None else beside(here, remote, pull.source.repository)
        found.append(Source(remote=address, ref=branch))
    if not found:
        text, step = f"The repository that {pull.ref} comes from is gone.", "Look at its diff instead."
        raise NotThere(text, what="source repository", next_step=step)
    return found
