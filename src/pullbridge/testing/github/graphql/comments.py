"""What comments, reviews and pull requests share: a body, an author, reactions, and who may change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pullbridge.testing.github.graphql.nodes import Node, view_of
from pullbridge.testing.github.graphql.paging import Edge, Page, cursor_of
from pullbridge.testing.github.graphql.people import Account, User, actor, person
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest
    from pullbridge.testing.github.graphql.repositories import Repository

Written = records.PullRequest | records.Comment | records.ReviewComment | records.Review

#: GraphQL's names of the reactions, in the order in which GitHub shows them.
REACTIONS = {
    "THUMBS_UP": "+1",
    "THUMBS_DOWN": "-1",
    "LAUGH": "laugh",
    "HOORAY": "hooray",
    "CONFUSED": "confused",
    "HEART": "heart",
    "ROCKET": "rocket",
    "EYES": "eyes",
}
_NAMES = {word: name for name, word in REACTIONS.items()}


@view
class Reaction(Node[records.Reaction]):
    """One account's reaction."""

    def __init__(self, ask: Asking, record: records.Reaction, reactable: Any) -> None:
        super().__init__(ask, record)
        self.reactable = reactable

    @property
    def content(self) -> str:
        return _NAMES[self.record.content]

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def user(self) -> User | None:
        return person(self.ask, self.record.user)


@view
class ReactionGroup:
    """All reactions of one kind to one thing. GitHub gives every kind, also those that nobody chose."""

    def __init__(self, ask: Asking, content: str, subject: Body) -> None:
        self.ask = ask
        self.content = content
        self.subject = subject
        word = REACTIONS[content]
        self.reactions: list[records.Reaction] = [each for each in subject.record.reactions if each.content == word]

    @property
    def created_at(self) -> datetime | None:
        return min((reaction.created_at for reaction in self.reactions), default=None)

    @property
    def viewer_has_reacted(self) -> bool:
        return any(reaction.user is self.ask.viewer for reaction in self.reactions)

    def reactors(self) -> list[ReactorEdge]:
        """Who chose it, and when."""
        chosen = ((actor(self.ask, reaction.user), reaction.created_at) for reaction in self.reactions)
        return [ReactorEdge(someone, "", moment) for someone, moment in chosen if someone]


@dataclass(frozen=True, slots=True)
class ReactorEdge(Edge):
    """Who reacted, and when."""

    reacted_at: datetime


@view
class ReactorConnection(Page):
    """Those who reacted. Its items are edges already: a node alone does not know when."""

    items: Sequence[ReactorEdge]

    @property
    def nodes(self) -> list[Account]:
        """The accounts."""
        return [edge.node for edge in super().nodes]

    @property
    def edges(self) -> list[Edge]:
        """The accounts with their cursors and times."""
        start, found = self.window.cut(len(self.items))[0], super().nodes
        return [ReactorEdge(edge.node, cursor_of(start + at), edge.reacted_at) for at, edge in enumerate(found)]


@view
class ReactionConnection(Page):
    """Reactions, and whether one of them is the viewer's."""

    @property
    def viewer_has_reacted(self) -> bool:
        return any(reaction.record.user is reaction.ask.viewer for reaction in self.items)


class Body(Node[Any]):
    """The GraphQL interfaces `Comment`, `Reactable` and `Updatable` in one."""

    record: Written

    @property
    def pull(self) -> records.PullRequest:
        """The pull request that it belongs to."""
        raise AssertionError

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self.ask, self.pull)

    @property
    def repository(self) -> Repository:
        return view_of(self.ask, self.pull.repository)

    @property
    def author(self) -> Account | None:
        return actor(self.ask, self.record.author)

    @property
    def author_association(self) -> str:
        return self.ask.association(self.pull.repository, self.record.author)

    @property
    def body(self) -> str:
        return self.record.body or ""

    @property
    def body_text(self) -> str:
        return self.body

    @property
    def body_html(self) -> str:
        """The body as one paragraph: the forge renders no Markdown."""
        return f'<p dir="auto">{escape(self.body)}</p>' if self.body else ""

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def updated_at(self) -> datetime:
        return self.record.updated_at

    @property
    def published_at(self) -> datetime | None:
        return self.record.created_at

    @property
    def created_via_email(self) -> bool:
        return False

    @property
    def editor(self) -> Account | None:
        return None

    @property
    def includes_created_edit(self) -> bool:
        return False

    @property
    def last_edited_at(self) -> datetime | None:
        return None

    @property
    def resource_path(self) -> str:
        raise AssertionError

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path

    @property
    def reaction_groups(self) -> list[ReactionGroup]:
        return [ReactionGroup(self.ask, content, self) for content in REACTIONS]

    def reactions(self, content: str | None = None, order_by: object = None) -> list[Reaction]:
        """The reactions, oldest first."""
        del order_by
        word = REACTIONS[content] if content else None
        chosen = [one for one in self.record.reactions if word in (None, one.content)]
        return [Reaction(self.ask, one, self) for one in chosen]

    @property
    def viewer_did_author(self) -> bool:
        return self.record.author is self.ask.viewer

    @property
    def viewer_can_react(self) -> bool:
        return self.ask.may_converse(self.pull)

    @property
    def viewer_can_update(self) -> bool:
        return self.viewer_did_author or self.ask.role(self.pull.repository) >= records.Role.WRITE

    @property
    def viewer_cannot_update_reasons(self) -> list[str]:
        return [] if self.viewer_can_update else ["INSUFFICIENT_ACCESS"]

    @property
    def viewer_can_delete(self) -> bool:
        return self.viewer_can_update


class Hideable(Body):
    """The GraphQL interface `Minimizable`."""

    @property
    def _reason(self) -> str | None:
        return getattr(self.record, "minimized", None)

    @property
    def is_minimized(self) -> bool:
        return self._reason is not None

    @property
    def minimized_reason(self) -> str | None:
        """Why it is hidden, as GitHub shows it: `off-topic`, in small letters."""
        return self._reason.lower().replace("_", "-") if self._reason else None

    @property
    def viewer_can_minimize(self) -> bool:
        return self.viewer_did_author or self.ask.role(self.pull.repository) >= records.Role.WRITE


@view
class IssueComment(Hideable):
    """A comment on the pull request as a whole."""

    record: records.Comment

    @property
    def pull(self) -> records.PullRequest:
        return self.record.pull

    @property
    def resource_path(self) -> str:
        pull = self.record.pull
        return f"/{pull.repository.path}/pull/{pull.number}#issuecomment-{self.record.id}"
