"""Who watches a pull request, what they have looked at, how they react to it, and who may speak.

https://docs.github.com/en/graphql/reference/mutations
"""

from __future__ import annotations

from pullbridge.errors import Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.model.timeline import Template
from pullbridge.transport.call import Repeat

_WRITE = ("pull_requests:write",)
#: https://docs.github.com/en/graphql/reference/enums#lockreason
_REASONS = {"off-topic": "OFF_TOPIC", "too heated": "TOO_HEATED", "resolved": "RESOLVED", "spam": "SPAM"}
#: Other words for https://docs.github.com/en/graphql/reference/enums#reactioncontent
_REACTIONS = {
    "+1": "THUMBS_UP",
    "👍": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "👎": "THUMBS_DOWN",
    "😄": "LAUGH",
    "🎉": "HOORAY",
    "😕": "CONFUSED",
    "❤️": "HEART",
    "🚀": "ROCKET",
    "👀": "EYES",
}
REACTIONS = ("THUMBS_UP", "THUMBS_DOWN", "LAUGH", "HOORAY", "CONFUSED", "HEART", "ROCKET", "EYES")


def set_locked(api: RepositoryApi, number: int, node: str, locked: bool, reason: str | None) -> None:
    """Keep those without a role from speaking, or let them again."""
    values = {"lockableId": node}
    if locked and reason is not None:
        if reason not in _REASONS:
            raise Rejected(f"{reason!r} is no reason that GitHub knows.", problems=(f"one of {', '.join(_REASONS)}",))
        values["lockReason"] = _REASONS[reason]
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    document = queries.LOCK if locked else queries.UNLOCK
    api.api.mutate(document, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)


def set_subscribed(api: RepositoryApi, number: int, node: str, subscribed: bool) -> None:
    """Send me what happens there, or only when I am named."""
    values = {"subscribableId": node, "state": "SUBSCRIBED" if subscribed else "UNSUBSCRIBED"}
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    api.api.mutate(queries.SUBSCRIBE, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)


def viewed(api: RepositoryApi, number: int) -> frozenset[str]:
    """The paths that I have marked as viewed; a file that has changed since is not."""
    asked = Asked(what=f"pull request #{number}", rests_on=frozenset({("PullRequestChangedFile", "viewerViewedState")}))
    answer = api.api.graphql(queries.FILES, api.variables(number, after=None), reading.Partial, asked)
    rows = reading.all_rows(api, queries.FILES, number, "files", reading.only(answer, number).files)
    return frozenset(row.path for row in rows if wire.viewed(row))


def set_viewed(api: RepositoryApi, number: int, node: str, path: str, mark: bool) -> None:
    """Mark a file as viewed, or take the mark away."""
    asked = Asked(what=f"file {path} in pull request #{number}", write=True, needs=_WRITE)
    document = queries.VIEWED if mark else queries.UNVIEWED
    values = {"pullRequestId": node, "path": path}
    api.api.mutate(document, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)


def set_reaction(api: RepositoryApi, comment: str, reaction: str, on: bool) -> None:
    """React to a comment in one of GitHub's eight ways, or take it back."""
    content = _REACTIONS.get(reaction, reaction.upper().replace(" ", "_"))
    if content not in REACTIONS:
        problem = f"one of {', '.join(REACTIONS)}"
        raise Rejected(f"{reaction!r} is no reaction that GitHub knows: {problem}.", problems=(problem,))
    asked = Asked(what="such comment", write=True, needs=_WRITE)
    values = {"subjectId": comment.removeprefix(wire.GENERAL), "content": content}
    document = queries.REACT if on else queries.UNREACT
    api.api.mutate(document, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)


def templates(api: RepositoryApi) -> tuple[Template, ...]:
    """The texts that the repository offers for new pull requests."""
    variables = {"owner": api.owner, "name": api.name}
    answer = api.api.graphql(queries.TEMPLATES, variables, payloads.GraphListsAnswer, Asked(what="such repository"))
    found = answer.repository.pull_request_templates if answer.repository else None
    return tuple(Template(name=each.filename or "", body=each.body or "") for each in found or ())
