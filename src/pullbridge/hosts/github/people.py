"""People on GitHub: reviewers. https://docs.github.com/en/rest/pulls/review-requests"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import forks, payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.reviews import Reviewer
from pullbridge.transport.call import Repeat


class GitHubReviewers:
    """`ports.ReviewersPort`. A handle with a slash (`org/team`) is a team."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Reviewer, ...]:
        asked = about(number)
        pull = reading.only(
            self._api.api.graphql(queries.REVIEWERS, self._api.variables(number), reading.Full, asked), number
        )
        reviews = reading.all_rows(self._api, queries.REVIEWS, number, "reviews", pull.reviews)
        pull = msgspec.structs.replace(pull, reviews=payloads.Connection(nodes=list(reviews)))
        return wire.reviewers(pull, self._api.owner, reading.asked_teams(self._api, number, pull))

    def request(self, number: int, people: Sequence[str]) -> None:
        self._write("POST", number, people)

    def remove(self, number: int, people: Sequence[str]) -> None:
        self._write("DELETE", number, people)

    def candidates(self, query: str, cursor: str | None) -> Page[Person]:
        return forks.candidates(self._api, query, cursor)

    def _write(self, verb: str, number: int, people: Sequence[str]) -> None:
        body = {
            "reviewers": [handle for handle in people if "/" not in handle],
            "team_reviewers": [handle.rpartition("/")[2] for handle in people if "/" in handle],
        }
        asked = Asked(what=f"pull request #{number}", write=True, needs=("pull_requests:write",))
        path = self._api.path("pulls", number, "requested_reviewers")
        self._api.api.send(verb, path, body, payloads.RestPull, asked, repeat=Repeat.SAFE)
