"""The verbs of `repo.files` about what I have seen."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Rejected
from pullbridge.model.diff import Comparison
from pullbridge.model.reviews import ReviewState
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Viewing(Noun):
    """What `Files` has beside the changes themselves."""

    __slots__ = ()

    @reads(Can.VIEWED_FILES)
    def viewed(self, n: PullLike) -> frozenset[str]:
        """Read the paths that I have marked as viewed; a file that changed since is not among them."""
        return self._port.files.viewed(self._session.number(n))

    @writes(Can.VIEWED_FILES)
    def set_viewed(self, n: PullLike, path: str, viewed: bool) -> None:
        """Mark a changed file as viewed, or take the mark away; safe to repeat."""
        if not path:
            raise Rejected("Name a changed file.", problems=("the path is empty",))
        self._port.files.set_viewed(self._session.number(n), path, viewed)

    @reads(Can.COMPARE)
    def since_my_last_review(self, n: PullLike) -> Comparison:
        """Compare the head with the commit that I reviewed last; the whole pull request when I have not reviewed it.

        It is the whole, too, where the host does not tell which commit that was (`Review.commit` is `None`). After a rebase
        the comparison begins where both parted, and so shows more than my own changes.
        """
        number = self._session.number(n)
        pull = self._port.pulls.get(number)
        head = pull.source.commit or pull.source.name
        mine = [
            review
            for review in self._port.reviews.list(number)
            if review.mine and review.commit and review.state is not ReviewState.STARTED
        ]
        base = mine[-1].commit if mine else None
        return self._port.files.compare(base or pull.target.commit or pull.target.name, head)
