"""GraphQL's lists of a merge request, read to their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec
import pytest

from pullbridge import errors
from pullbridge.hosts.gitlab import payloads, queries, reading
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.graphql import Partly

Data = Mapping[str, Any]


class Told:
    """A project whose GraphQL answers what a test says, and keeps what was asked."""

    host = "git.example"
    path_now = "group/app"

    def __init__(self, *answers: Data | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []

    @property
    def api(self) -> Told:
        return self

    def variables(self, number: int, **more: Any) -> dict[str, Any]:
        return {"iid": str(number), **more}

    def partial(self, document: str, variables: Data, shape: Any, asked: object) -> Partly[Any]:
        return Partly(self.graphql(document, variables, shape, asked), (), cast("Any", None))

    def graphql(self, document: str, variables: Data, shape: Any, asked: object) -> Any:
        del asked
        self.asked.append((document, variables.get("after")))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return msgspec.convert(answer, shape)


def stretch(rows: Sequence[Data], cursor: str | None = None) -> Data:
    return {"nodes": [*rows, None], "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor}}


def pull(**fields: Data | None) -> Data:
    return {"project": {"mergeRequest": fields}}


def of(told: Told) -> RepositoryApi:
    return cast("RepositoryApi", told)


def person(name: str) -> Data:
    return {"username": name, "id": f"gid://gitlab/User/{len(name)}"}


READERS: list[tuple[str, str, Callable[..., list[Any]]]] = [
    ("reviewers", queries.MORE_REVIEWERS, reading.all_reviewers),
    ("approvedBy", queries.MORE_APPROVERS, reading.all_approvers),
]


@pytest.mark.parametrize(("field", "document", "read"), READERS, ids=["reviewers", "approvers"])
def test_people_are_read_to_the_end(field: str, document: str, read: Callable[..., list[Any]]) -> None:
    """Page after page, and no further than that."""
    first = msgspec.convert({field: stretch([person("ada")], "c1")}, payloads.GraphPull)
    told = Told(pull(**{field: stretch([person("bob")], "c2")}), pull(**{field: stretch([person("eve")])}))
    assert [each.username for each in read(of(told), 7, first)] == ["ada", "bob", "eve"]
    assert told.asked == [(document, "c1"), (document, "c2")]


@pytest.mark.parametrize("answer", [{"project": None}, pull(), pull(reviewers=None)], ids=["project", "field", "null"])
def test_half_a_list_is_none(answer: Data) -> None:
    """A list that GitLab does not go on with is never shown as a whole one."""
    first = msgspec.convert({"reviewers": stretch([person("ada")], "c1")}, payloads.GraphPull)
    with pytest.raises(errors.BadAnswer, match="does not go on"):
        reading.all_reviewers(of(Told(answer)), 7, first)


def test_a_list_without_an_end_is_an_error() -> None:
    """The same cursor twice leads in a circle."""
    first = msgspec.convert({"reviewers": stretch([person("ada")], "c1")}, payloads.GraphPull)
    with pytest.raises(errors.BadAnswer, match="in a circle"):
        reading.all_reviewers(of(Told(pull(reviewers=stretch([], "c1")))), 7, first)


def note(number: int, *names: str, more: bool = False) -> Data:
    awards = [{"name": name, "user": {"id": "gid://gitlab/User/1"}} for name in names]
    return {"id": f"gid://gitlab/Note/{number}", "awardEmoji": {"nodes": awards, "pageInfo": {"hasNextPage": more}}}


def names(found: dict[int, list[payloads.GraphAward]] | None) -> dict[int, list[str]] | None:
    return None if found is None else {number: [each.name for each in awards] for number, awards in found.items()}


def test_both_ends_of_the_notes_meet() -> None:
    """The first hundred and the last hundred have one in common, and so nothing is missing between them."""
    told = Told(pull(notes=stretch([note(1, "heart"), note(2)], "c1"), newest=stretch([note(2), note(3, "eyes")])))
    assert names(reading.reactions(of(told), 7)) == {1: ["heart"], 2: [], 3: ["eyes"]}
    assert len(told.asked) == 1


def test_notes_between_both_ends_are_asked_for() -> None:
    """Where the two ends do not meet, the rest is read."""
    told = Told(
        pull(notes=stretch([note(1)], "c1"), newest=stretch([note(4)])),
        pull(notes=stretch([note(2, "tada")], "c2")),
        pull(notes=stretch([note(3), note(4)])),
    )
    assert names(reading.reactions(of(told), 7)) == {1: [], 2: ["tada"], 3: [], 4: []}
    assert [after for _, after in told.asked] == [None, "c1", "c2"]


def test_more_reactions_than_are_told_are_not_known() -> None:
    """A note with more than a page of them is left out, and not counted short."""
    told = Told(pull(notes=stretch([note(1, "heart", more=True), note(2)]), newest=stretch([])))
    assert names(reading.reactions(of(told), 7)) == {2: []}


@pytest.mark.parametrize(
    "answer",
    [
        {"project": None},
        pull(notes=None),
        pull(notes=stretch([{"id": "gid://gitlab/Note/1"}])),
        errors.Forbidden("no"),
        errors.HostDown("down"),
    ],
    ids=["project", "notes", "older", "forbidden", "down"],
)
def test_what_graphql_does_not_tell_is_not_known(answer: Data | Exception) -> None:
    """A null, a missing field and a refusal are no "no reactions"."""
    assert reading.reactions(of(Told(answer)), 7) is None


def test_a_deadline_is_no_silence() -> None:
    """What ends the call is not taken for an answer."""
    with pytest.raises(errors.DeadlineExceeded):
        reading.seen(of(Told(errors.DeadlineExceeded("over"))), queries.CHECKS, 7)
