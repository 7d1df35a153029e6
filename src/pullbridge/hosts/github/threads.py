"""Conversations on GitHub.

Threads exist in GraphQL only; a comment on the conversation is REST's "issue comment".
https://docs.github.com/en/graphql/reference/objects#pullrequestreviewthread
"""

from __future__ import annotations

from collections.abc import Sequence

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import attention, payloads, queries, reading, reviews, stepwise, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.model.anchor import Anchor
from pullbridge.model.diff import Commit
from pullbridge.model.orders import ReviewOrder
from pullbridge.model.reviews import DraftComment, Verdict
from pullbridge.model.threads import Comment, CommentState, Thread
from pullbridge.transport.call import Repeat

_WRITE = ("pull_requests:write",)
#: Reported by users of fine-grained tokens and apps: https://github.com/orgs/community/discussions/44650
_RESOLVE = ("contents:write", "pull_requests:write")


class GitHubThreads:
    """`ports.ThreadsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Thread, ...]:
        asked = about(number)
        answer = self._api.api.graphql(queries.CONVERSATIONS, self._api.variables(number), reading.Partial, asked)
        pull = reading.only(answer, number)
        comments = reading.all_rows(self._api, queries.COMMENTS, number, "comments", pull.comments)
        threads = reading.all_rows(self._api, queries.THREADS, number, "review_threads", pull.review_threads)
        whole = (reading.whole_thread(self._api, each) for each in threads)
        return (*(wire.general_thread(each) for each in comments), *(wire.thread(each) for each in whole))

    def start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        """Begin one on the diff as a review of one comment, for that alone answers with the thread."""
        if anchor is None:
            return self._general(number, body)
        order = ReviewOrder(verdict=Verdict.COMMENT, comments=(DraftComment(body, at=anchor),), commit=anchor.commit)
        return reviews.post_one(self._api, number, order)

    def _general(self, number: int, body: str) -> Thread:
        asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
        path = self._api.path("issues", number, "comments")
        posted = self._api.api.send("POST", path, {"body": body}, payloads.RestComment, asked)
        return wire.general_thread(posted, mine=True)

    def reply(self, number: int, thread: str, body: str) -> Comment:
        if thread.startswith(wire.GENERAL):
            raise errors.Unsupported(
                "GitHub keeps no threads in a pull request's conversation, so this comment cannot be answered as one.",
                reason="GitHub's conversation is a flat list",
                next_step="Start a new comment instead: `threads.start(n, body)`.",
            )
        asked = Asked(what="such thread", write=True, needs=_WRITE)
        values = {"pullRequestReviewThreadId": thread, "body": body}
        said = _written(self._api.api.mutate(queries.REPLY, values, payloads.GraphCommentWritten, asked), asked)
        if said.state is CommentState.PENDING:
            raise self._taken_back(number, said)
        return said

    def _taken_back(self, number: int, said: Comment) -> errors.AlreadyThere:
        """While a review of mine is pending, GitHub puts a reply into it, where nobody else sees it: that was not asked."""
        error = stepwise.pending_elsewhere(errors.AlreadyThere("", host=self._api.api.host))
        try:
            self.delete(number, said.id)
        except errors.BridgeError:
            error.remedy = f"The reply is in your pending review now, for nobody else to see. {error.remedy}"
        return error

    def edit(self, number: int, comment: str, body: str) -> Comment:
        asked = Asked(what="such comment", write=True, needs=_WRITE)
        node = comment.removeprefix(wire.GENERAL)
        general = node != comment
        document = queries.EDIT_ISSUE_COMMENT if general else queries.EDIT_REVIEW_COMMENT
        values = {"id" if general else "pullRequestReviewCommentId": node, "body": body}
        written = self._api.api.mutate(document, values, payloads.GraphCommentWritten, asked, repeat=Repeat.SAFE)
        return _written(written, asked, general=general)

    def delete(self, number: int, comment: str) -> None:
        asked = Asked(what="such comment", write=True, needs=_WRITE)
        node = comment.removeprefix(wire.GENERAL)
        document = queries.DELETE_REVIEW_COMMENT if node == comment else queries.DELETE_ISSUE_COMMENT
        self._api.api.mutate(document, {"id": node}, payloads.GraphNothing, asked)

    def set_resolved(self, number: int, thread: str, resolved: bool) -> Thread:
        asked = Asked(what="such thread", write=True, needs=_RESOLVE)
        document = queries.RESOLVE if resolved else queries.UNRESOLVE
        shape = payloads.GraphThreadWritten
        written = self._api.api.mutate(document, {"threadId": thread}, shape, asked, repeat=Repeat.SAFE)
        if written.thread is None:
            raise errors.BadAnswer("GitHub did not give the thread back.", what=asked.what, maybe_done=True)
        return wire.thread(reading.whole_thread(self._api, written.thread))

    def set_reaction(self, number: int, comment: str, reaction: str, on: bool) -> None:
        attention.set_reaction(self._api, comment, reaction, on)

    def apply_suggestions(self, number: int, chosen: Sequence[str], message: str | None) -> Commit | None:
        """GitHub has no call for it: https://docs.github.com/en/graphql/reference/mutations"""
        del number, chosen, message
        return None


def _written(payload: payloads.GraphCommentWritten, asked: Asked, *, general: bool = False) -> Comment:
    if payload.written is None:
        raise errors.BadAnswer("GitHub did not give the comment back.", what=asked.what, maybe_done=True)
    return wire.comment(payload.written, general=general)
