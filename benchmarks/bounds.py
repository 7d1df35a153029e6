"""What is to be reached on each host, in round trips and in what others take. Set for one page of everything.

Where a page tells where the next one is, and nothing else does, each further page is a round trip more (`Place.steps`): no
client can ask for them together. What others take is compared by the same measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """`panel`, `list`, `review` and `inbox` are round trips at most; the others, how many times as fast at least, by name."""

    panel: float = 1.3
    #: Without having seen the pull request before.
    unaided: float | None = None
    panel_over: Mapping[str, float] = field(default_factory=dict)
    list_over: Mapping[str, float] = field(default_factory=dict)
    #: How many requests 30 comments and a text are; how long they take, by contender.
    writes: int = 31
    review: Mapping[str, float] = field(default_factory=dict)
    inbox: Mapping[str, float] = field(default_factory=lambda: {"pullbridge": 1.3})
    #: Whether it answers a list that has not changed without a body.
    conditional: bool = True
    #: With whom the bytes and the processor time of a poll are compared: that one's name.
    poll_beside: str | None = None


#: By `Settings.kind`.
BOUNDS = {
    "github": Bounds(
        panel=1.25,
        unaided=2.3,
        panel_over={"PyGithub, tuned": 9, "PyGithub": 80},
        list_over={"PyGithub, tuned": 5, "ogr": 40},
        writes=1,
        poll_beside="PyGithub, tuned",
    ),
    "gitlab": Bounds(panel_over={"python-gitlab, tuned": 4.5}, review={"pullbridge": 2.6}),
    "bitbucket-cloud": Bounds(
        # It takes no commit with a comment, and so the head is looked at while they are on their way.
        writes=32,
        panel_over={"atlassian-python-api": 15},
        list_over={"atlassian-python-api": 100},
        review={"pullbridge": 2.6, "pullbridge, 32 at once": 1.6},
        # One request for each repository: there is no list of what waits.
        inbox={"pullbridge": 2.6, "pullbridge, 32 at once": 1.6},
    ),
    "bitbucket-dc": Bounds(
        # The client asks for nothing twice here: seven requests, one after the other, where this takes 1.3 round trips.
        panel_over={"atlassian-python-api, tuned": 5.4},
        review={"pullbridge": 2.6, "pullbridge, 32 at once": 1.6},
        conditional=False,
    ),
}
