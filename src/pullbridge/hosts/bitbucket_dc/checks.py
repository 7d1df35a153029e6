"""Checks on Data Center: what builds report on the head, and which of them must succeed.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-builds-and-deployments/. The list of reports is the old
one in every version: the new one gives a report by its key alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, versioned, wire
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.addresses import page, place
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ
from pullbridge.model.checks import Check, CheckState

#: Where reports belong to a repository, and have more states.
#: https://developer.atlassian.com/server/bitbucket/how-tos/updating-build-status-for-commits/
BUILDS_SINCE = (7, 14)
#: Reports whose plans are remembered, at most.
_REMEMBERED = 10_000
REQUIRED_SINCE = RULES[Can.REQUIRED_CHECKS].since


class DataCenterChecks:
    """`ports.ChecksPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Check, ...]:
        """The head is asked for first; where it was seen before, its reports are asked for beside that."""
        api = self._api
        known = api.diffs.of(number)
        guess = known.until if known is not None else None
        asked: list[Callable[[], Any]] = [
            lambda: versioned.read(api, number),
            lambda: required(api),
            lambda: reported(api, guess),
        ]
        pull, rules, rows = api.api.gather(*asked)
        head = pull.from_ref.latest_commit
        return told(api, pull, rows if head == guess else reported(api, head), rules)

    def report(self, commit: str, name: str, state: CheckState, url: str | None, description: str) -> Check:
        """Report under a key, which is the name. Without an address it is that of the commit, because Bitbucket wants one.

        Raises `Rejected` for a state that this version has no word for.
        """
        api, new = self._api.api, self._api.api.at_least(BUILDS_SINCE)
        words = wire.WORDS if new else wire.OLD_WORDS
        if state not in words:
            known = ", ".join(each.name for each in words)
            text, step = f"{api.server}'s build statuses have no word for {state!r}.", f"Report one of {known}."
            raise errors.Rejected(text, problems=(f"state is one of {known}",), host=api.host, next_step=step)
        body = {
            "key": name,
            "name": name,
            "state": words[state],
            "url": url or page(self._api.ref, "commits", commit),
            **({"description": description} if description else {}),
        }
        old = place("commits", commit, service="build-status")
        asked = Asked(what=f"commit {commit}", write=True, needs=READ)
        api.reply("POST", self._api.path("commits", commit, "builds") if new else old, asked, body=body)
        return Check(name=name, state=state, raw_state=body["state"], url=body["url"], description=description or None)


def told(
    api: RepositoryApi,
    pull: payloads.PullRequest,
    rows: Iterable[payloads.BuildStatus],
    rules: Sequence[payloads.RequiredBuild] | None,
) -> tuple[Check, ...]:
    """The checks of a pull request, by the reports on its head and the rules of its target.

    The list of reports may not say which plan each is of; where that matters, each is asked for by its key, once.
    """
    plans = None if rules is None or pull.state != "OPEN" else wire.required_plans(rules, pull.to_ref.id)
    head, found = pull.from_ref.latest_commit, wire.newest(rows)
    if head is None or not plans:
        return wire.checks(found, plans)
    unknown = [key for key in wire.unplaced(found, plans) if (head, key) not in api.plans]
    api.plans.update(zip(((head, key) for key in unknown), _plans(api, head, unknown), strict=True))
    placed = (
        row if row.parent is not None else msgspec.structs.replace(row, parent=api.plans.get((head, row.key)))
        for row in found
    )
    return wire.checks(placed, plans)


def _plans(api: RepositoryApi, commit: str, keys: Sequence[str]) -> list[str | None]:
    """The plan that each report is of, `""` for none; `None` where the version does not tell."""
    if len(api.plans) > _REMEMBERED:
        api.plans.clear()
    path, asked = api.path("commits", commit, "builds"), Asked(what="such report", needs=READ)

    def plan(key: str) -> str | None:
        try:
            return api.api.get(path, payloads.BuildStatus, asked, params={"key": key}).parent or ""
        except (errors.Forbidden, errors.NotThere, errors.Rejected):
            return None

    return api.api.gather(*(lambda k=key: plan(k) for key in keys))


def reported(api: RepositoryApi, commit: str | None) -> list[payloads.BuildStatus]:
    """The reports on a commit; none without one."""
    if commit is None:
        return []
    path = place("commits", commit, service="build-status")
    return api.api.pages(path, payloads.BuildStatus, Asked(what=f"commit {commit}", needs=READ))


def required(api: RepositoryApi) -> list[payloads.RequiredBuild] | None:
    """Which builds must succeed; `None` where that is not told: by an older version, or to this account."""
    known = api.api.version
    if api.api.signing.anonymous or (known is not None and not known.at_least(REQUIRED_SINCE)):
        return None
    asked = Asked(what="required builds", needs=READ)
    try:
        return api.api.pages(api.path("conditions", service="required-builds"), payloads.RequiredBuild, asked)
    except (errors.Forbidden, errors.NotThere, errors.ScopeMissing, errors.SignInNeeded):
        return None
