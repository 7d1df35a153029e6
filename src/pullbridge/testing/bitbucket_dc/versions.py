"""The version that every write to a pull request names, and what is answered when it is another one by now."""

from __future__ import annotations

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.asking import Ask
from pullbridge.testing.store import PullRequest


def check_version(ask: Ask, *, required: bool = True) -> None:
    """Refuse a write that names no version (400) or another one (409). It stands in the query or in the body."""
    asked = ask.number("version")
    if asked is None:
        asked = ask.sent("version", int)
    if asked is None and not required:
        return
    if asked is None:
        raise errors.bad_argument("The version of the pull request must be specified.")
    current = ask.state.version
    if asked not in {current, -1 if not required else current}:
        raise errors.out_of_date(current, asked)


def check_open(pull: PullRequest, said: str = "The pull request is not open.") -> None:
    """Refuse what only an open pull request allows: 409."""
    if pull.state != "open":
        raise illegal_state(pull, said)


def illegal_state(pull: PullRequest, said: str) -> errors.ApiError:
    """What a pull request that is closed already answers."""
    word = {"merged": "merged", "closed": "declined", "open": "open"}[pull.state]
    return errors.conflict(said.format(word), "pull.IllegalPullRequestStateException")
