"""`repo.reviewers`: who is asked, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.capabilities import Can
from pullbridge.model.listing import Listing
from pullbridge.model.people import Person
from pullbridge.model.reviews import Reviewer
from pullbridge.repository.arguments import handles
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Reviewers(Noun):
    """Reviewers; people are given as `Person` or by handle, a team as `org/team`."""

    __slots__ = ()

    @reads(Can.READ)
    def list(self, n: PullLike) -> tuple[Reviewer, ...]:
        """List who was asked and who has reviewed, each with their standing."""
        return self._port.reviewers.list(self._session.number(n))

    @writes(Can.REVIEWERS)
    def request(self, n: PullLike, people: Iterable[Person | str]) -> tuple[Reviewer, ...]:
        """Ask people for a review, beside those already asked; safe to repeat."""
        number = self._session.number(n)
        self._port.reviewers.request(number, handles(people, self._port.limits))
        return self._port.reviewers.list(number)

    @writes(Can.REVIEWERS)
    def remove(self, n: PullLike, people: Iterable[Person | str]) -> tuple[Reviewer, ...]:
        """Take back the request for a review; safe to repeat."""
        number = self._session.number(n)
        self._port.reviewers.remove(number, handles(people, self._port.limits))
        return self._port.reviewers.list(number)

    @reads(Can.REVIEWERS)
    def candidates(self, query: str = "") -> Listing[Person]:
        """List who can be asked, narrowed by a part of the handle or name."""
        fetch = self._port.reviewers.candidates
        return self._session.listing("reviewers.candidates", lambda cursor: fetch(query, cursor))
