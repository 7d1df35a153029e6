"""Comments. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (comments)"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Links, Rest, Text
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account


class Inline(Rest, rename={"before": "from", "start_before": "start_from"}):
    """A place: lines of the new side (`to`) or of the old one (`from`), or a file without any.

    It is where Bitbucket puts the comment now; the commit that it was written at is not told. `outdated` and the lines
    that ranges begin at are missing in older answers.
    """

    path: str
    to: int | None = None
    before: int | None = None
    start_to: int | None = None
    start_before: int | None = None
    outdated: bool | None = None


class Resolution(Rest):
    """Who settled a conversation. It may be `{}`, and says all the same that somebody did.

    https://github.com/atlassian/atlassian-mcp-server/issues/215
    """

    user: Account | None = None
    created_on: str | None = None


class CommentName(Rest):
    """What an answer says of the comment that it answers."""

    id: int


class Comment(Rest):
    """A comment. One that was deleted stays in the list, without its text."""

    id: int
    content: Text | None = None
    user: Account | None = None
    parent: CommentName | None = None
    inline: Inline | None = None
    deleted: bool | None = None
    pending: bool | None = None
    resolution: Resolution | None = None
    created_on: str | None = None
    updated_on: str | None = None
    links: Links | None = None
