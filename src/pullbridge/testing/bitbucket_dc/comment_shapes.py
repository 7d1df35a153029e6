"""Comments, their anchors and their reactions as Data Center's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.emoticons import emoticon
from pullbridge.testing.bitbucket_dc.records import Anchor, Comment
from pullbridge.testing.bitbucket_dc.shapes import millis, path_object
from pullbridge.testing.bitbucket_dc.talk import sees

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.asking import Ask

Json = dict[str, Any]

#: Since when threads can be resolved.
THREADS_RESOLVE = (8, 9)


def shape(ask: Ask, comment: Comment, *, anchored: bool = True) -> Json:
    """A comment with everything below it; with its anchor where nothing else tells that."""
    shown: Json = {
        "properties": _properties(ask, comment),
        "id": comment.id,
        "version": comment.version,
        "text": comment.text,
        "author": ask.shapes.user(comment.author),
        "createdDate": millis(comment.created_at),
        "updatedDate": millis(comment.updated_at),
        "comments": [shape(ask, reply) for reply in comment.replies if sees(reply, ask.user)],
    }
    if anchored and comment.anchor is not None:
        shown["anchor"] = anchor_shape(ask, comment.anchor)
    if ask.at_least(*THREADS_RESOLVE) and comment.parent is None:
        shown |= _thread(ask, comment)
    if not ask.at_least(8, 0):
        shown["tasks"] = []  # which are comments since 7.2; go-scm's samples still have it
    shown |= {"severity": comment.severity, "state": comment.state}
    if comment.resolved_at is not None and comment.resolver is not None:
        shown |= {"resolvedDate": millis(comment.resolved_at), "resolver": ask.shapes.user(comment.resolver)}
    return shown | {"permittedOperations": _permitted(ask, comment)}


def _thread(ask: Ask, comment: Comment) -> Json:
    shown: Json = {"threadResolved": comment.thread_resolved}
    if comment.thread_resolved_at is not None and comment.thread_resolver is not None:
        shown |= {"threadResolvedDate": millis(comment.thread_resolved_at)}
        shown |= {"threadResolver": ask.shapes.user(comment.thread_resolver)}
    return shown


def _properties(ask: Ask, comment: Comment) -> Json:
    """Reactions are grouped by what they are: `{"reactions": [{"emoticon": …, "users": […]}]}`."""
    shown: Json = {"repositoryId": comment.pull.repository.id}
    words = dict.fromkeys(reaction.content for reaction in comment.reactions)
    if words:
        shown["reactions"] = [
            {
                "emoticon": emoticon(word),
                "users": [ask.shapes.user(each.user) for each in comment.reactions if each.content == word],
            }
            for word in words
        ]
    return shown


def _permitted(ask: Ask, comment: Comment) -> Json:
    own = ask.user is comment.author
    admin = ask.level_in(comment.pull.repository) is Level.ADMIN
    return {
        "editable": own,
        "transitionable": own or admin or ask.user is comment.pull.author,
        "deletable": (own or admin) and not comment.replies,
    }


def anchor_shape(ask: Ask, anchor: Anchor) -> Json:
    """An anchor."""
    shown: Json = {"fromHash": anchor.from_hash, "toHash": anchor.to_hash}
    if anchor.line is not None:
        shown |= {"line": anchor.line, "lineType": anchor.line_type, "fileType": anchor.file_type}
    if anchor.start_line is not None:
        shown["multilineMarker"] = {"startLine": anchor.start_line, "startLineType": anchor.start_line_type}
    shown["path"] = _path(ask, anchor.path)
    if anchor.src_path is not None:
        shown["srcPath"] = _path(ask, anchor.src_path)
    return shown | {"diffType": anchor.diff_type, "orphaned": anchor.orphaned}


def _path(ask: Ask, path: str) -> Json | str:
    return path_object(path) if ask.knobs.path_objects else path
