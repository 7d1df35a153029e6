"""Who may be asked for a review, in the words that clients look for.

https://github.com/renovatebot/renovate/blob/main/lib/modules/platform/bitbucket/index.ts
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud.asking import Ask
from pullbridge.testing.bitbucket_cloud.errors import ApiError, invalid
from pullbridge.testing.store import User

MALFORMED = "Malformed reviewers list"


def read(ask: Ask, sent: Any, author: User) -> list[User]:
    """The people of a list of `{"uuid": …}` or `{"account_id": …}`; 400 when one of them cannot be asked."""
    if not isinstance(sent, list):
        raise invalid("reviewers", MALFORMED)
    people = [_person(ask, each) for each in sent]
    problems = [problem for user in people if (problem := _problem(ask, user, author))]
    if problems:
        raise ApiError(400, f"reviewers: {problems[0]}", fields={"reviewers": problems})
    return list(dict.fromkeys(people))


def _person(ask: Ask, sent: Any) -> User:
    named = (sent.get("uuid") or sent.get("account_id")) if isinstance(sent, dict) else None
    found = ask.app.find_user(named) if isinstance(named, str) else None
    if found is None or found in ask.app.inactive:
        raise invalid("reviewers", MALFORMED)
    return found


def _problem(ask: Ask, user: User, author: User) -> str:
    if user is author:
        return f"{user.name} is the author and cannot be included as a reviewer."
    if not ask.app.member(ask.repository.owner, user):
        return f"{user.name} is not a member of this workspace and cannot be added to this pull request"
    return ""
