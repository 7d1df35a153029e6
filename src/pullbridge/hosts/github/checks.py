"""Checks on GitHub: check runs and commit statuses together. https://docs.github.com/en/rest/commits/statuses"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.model.checks import Check, CheckState


class GitHubChecks:
    """`ports.ChecksPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Check, ...]:
        asked = Asked(what=f"pull request #{number}", needs=("checks:read", "statuses:read"))
        answer = self._api.api.graphql(queries.CHECKS, self._api.variables(number), reading.Partial, asked)
        rollup = reading.only(answer, number).status_check_rollup
        return wire.all_checks(None, reading.all_contexts(self._api, number, rollup))

    def report(self, commit: str, name: str, state: CheckState, url: str | None, description: str) -> Check:
        """Write a commit status: check runs are for GitHub Apps alone. Raises `Rejected` for a state that it has no word for."""
        if state not in wire.STATUS_WORDS:
            known = ", ".join(each.name for each in wire.STATUS_WORDS)
            text, step = f"GitHub's commit statuses have no word for {state!r}.", f"Report one of {known}."
            raise errors.Rejected(text, problems=(f"state is one of {known}",), host=self._api.api.host, next_step=step)
        body = {
            "state": wire.STATUS_WORDS[state],
            "context": name,
            "target_url": url,
            "description": description,
        }
        asked = Asked(what=f"commit {commit}", write=True, needs=("statuses:write",))
        return wire.reported(
            self._api.api.send("POST", self._api.path("statuses", commit), body, payloads.RestStatus, asked)
        )
