"""The version that every write to a pull request names, and what is answered when it is another one by now."""

from __future__ import annotations

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.asking import Ask
from pullbridge.testing.store import PullRequest


def check_version(ask: Ask, *, required: bool = True) -> None:
    """Refuse a write that names another version than today's: 409. It stands in the query or in the body.

    One that names none is taken for version -1, which there never is, unless it is not `required`.
    """
    asked = ask.number("version")
    if asked is None:
        asked = ask.sent("version", int)
    if asked is None and not required:
        return
    current = ask.state.version
    if asked != current:
        raise errors.out_of_date(current, -1 if asked is None else asked)


def check_open(pull: PullRequest, said: str = "The pull request is not open.") -> None:
    """Refuse what only an open pull request allows: 409."""
    if pull.state != "open":
        raise illegal_state(pull, said)


def illegal_state(pull: PullRequest, said: str) -> errors.ApiError:
    """What a pull request that is closed already answers."""
    word = {"merged": "merged", "closed": "declined", "open": "open"}[pull.state]
    return errors.conflict(said.format(word), "pull.IllegalPullRequestStateException")
