"""The verbs of `repo.pulls` on the way into the target: may it be merged, and the merge."""

from __future__ import annotations

from dataclasses import replace

from pullbridge.capabilities import Can
from pullbridge.errors import BridgeError, NotMergeable, NotThere, Stale
from pullbridge.model.merge import Mergeability, MergeabilityState, MergeMethod, MergeReceipt, MergeState
from pullbridge.model.orders import MergeOrder
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.refs import same_commit
from pullbridge.repository.confirm import Since, Unsure, confirmed
from pullbridge.repository.following import Following
from pullbridge.repository.verb import PullLike, reads, writes
from pullbridge.transport.call import sleep

#: Seconds between two looks at a mergeability that the host is still computing.
_WAITS = (1.0, 2.0, 4.0, 8.0)
#: Seconds that `merge` gives the host to finish computing before it takes a refusal for an answer.
_PATIENCE = 10.0


class Merging(Following):
    """What `Pulls` has about merging."""

    __slots__ = ()

    @reads(Can.READ)
    def mergeability(self, n: PullLike, wait: float = 0) -> Mergeability:
        """Tell whether it can be merged now, and if not, why.

        While the host is still computing it, ask again after 1, 2, 4 and 8 seconds, for `wait` seconds at most.
        """
        return self._settled(self._session.number(n), wait)

    def _settled(self, number: int, wait: float) -> Mergeability:
        found, spent, step = self._port.pulls.mergeability(number), 0.0, 0
        while found.state is MergeabilityState.CHECKING and spent < wait:
            pause = min(_WAITS[min(step, len(_WAITS) - 1)], wait - spent)
            sleep(pause)
            spent, step = spent + pause, step + 1
            found = self._port.pulls.mergeability(number)
        return found

    @writes(Can.MERGE)
    def merge(
        self,
        n: PullLike,
        method: MergeMethod | None = None,
        message: str | None = None,
        expect_head: str | None = None,
        delete_source: bool | None = None,
        when_ready: bool = False,
    ) -> MergeReceipt:
        """Merge now, or with `when_ready` as soon as the target's rules are met.

        `expect_head` is the commit that was looked at: nothing is merged (`Stale`) when the head is another one. `method`
        is the repository's default when left out; the first line of `message` is the title. `delete_source` deletes the
        source branch afterwards, and the receipt says what became of that. Raises `NotMergeable` with the reasons.
        """
        number = self._session.number(n)
        self._session.require(*((Can.CHOOSE_MERGE_METHOD,) if method is not None else ()))
        if when_ready:
            self._session.require_one(Can.AUTO_MERGE, Can.MERGE_QUEUE)
        pull = self._guarded(number, expect_head) if expect_head is not None or delete_source else None
        head = pull.source.commit if pull is not None and expect_head is not None else None
        order = MergeOrder(method=method, message=message, expect_head=head, delete_source=delete_source)
        receipt = self._port.pulls.merge_when_ready(number, order) if when_ready else self._merged(number, order)
        self._session.memory.forget(number)
        return self._without_source(pull, receipt) if pull is not None and delete_source else receipt

    def _guarded(self, number: int, expect_head: str | None) -> Pull:
        """Read it, so that a short commit id becomes a full one and a moved head is seen before anything is sent."""
        pull = self._seen(self._port.pulls.get(number))
        if expect_head is not None and not same_commit(pull.source.commit, expect_head):
            text = "The source branch has moved since you looked."
            raise Stale(text, expected=expect_head, found=pull.source.commit, host=self._session.ref.host)
        return pull

    def _merged(self, number: int, order: MergeOrder) -> MergeReceipt:
        lost = False

        def look(_: Since) -> MergeReceipt | Unsure | None:
            nonlocal lost
            lost = True
            return self._done(number)

        def send() -> MergeReceipt:
            return confirmed(
                lambda: self._port.pulls.merge(number, order),
                look,
                host_now=self._port.host_now,
                operation="the merge",
                payload=order.message,
            )

        try:
            return send()
        except NotMergeable as error:
            # What was merged while it was looked up was merged by the try whose answer was lost.
            done = self._done(number) if lost else None
            if done is not None:
                return done
            state = self._settled_after(error, number)
            if state.state is MergeabilityState.READY:
                # The refusal came while the host was still computing.
                return send()
            error.reasons = tuple(dict.fromkeys((*error.reasons, *state.reasons)))
            told = "; ".join(reason.rstrip(". ") for reason in error.reasons)
            error.summary = f"It is not merged: {told or 'the host gives no reason'}."
            raise

    def _done(self, number: int) -> MergeReceipt | None:
        pull = self._port.pulls.get(number)
        done = pull.state is PullState.MERGED
        return MergeReceipt(state=MergeState.MERGED, commit=pull.merge_commit) if done else None

    def _settled_after(self, refusal: NotMergeable, number: int) -> Mergeability:
        """The mergeability that explains a refusal; where it cannot be had, the refusal stands as it is."""
        try:
            return self._settled(number, _PATIENCE)
        except BridgeError:
            raise refusal from refusal.__cause__

    def _without_source(self, pull: Pull, receipt: MergeReceipt) -> MergeReceipt:
        """Delete the source branch, which a host may have done by now; before the merge that is the host's to say."""
        home = pull.source.repository
        if receipt.state is not MergeState.MERGED or receipt.branch_deleted is not None:
            return receipt
        deleted = False
        if home is not None:
            try:
                self._session.connection.host().repository(home).branches.delete(pull.source.name)
                deleted = True
            except NotThere:
                deleted = True
            except BridgeError:
                # The merge is done, and that is what was asked first; the receipt says that the branch stayed.
                deleted = False
        return replace(receipt, branch_deleted=deleted)

    def _seen(self, pull: Pull) -> Pull:
        self._session.memory.saw(pull.number, pull=pull)
        return pull
