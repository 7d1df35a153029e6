"""Payloads into values, however much of them is missing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pullbridge import PersonKind, PullState, RepoRef
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.wire import ANYWHERE
from pullbridge.model.people import GHOST

REF = RepoRef(web="https://bitbucket.org", path="octo/app", kind="bitbucket-cloud")


def read(**told: Any) -> payloads.PullRequest:
    return msgspec.json.decode(msgspec.json.encode({"id": 7, **told}), type=payloads.PullRequest)


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("OPEN", PullState.OPEN),
        ("MERGED", PullState.MERGED),
        ("DECLINED", PullState.CLOSED),
        ("SUPERSEDED", PullState.CLOSED),
        ("QUEUED_ON_MARS", PullState.OPEN),
    ],
)
def test_each_word_is_one_of_three(raw: str, state: PullState) -> None:
    """And stays as it was said."""
    pull = wire.pull(read(state=raw), REF)
    assert (pull.state, pull.raw_state) == (state, raw)


def test_almost_nothing_is_enough() -> None:
    """Every optional key may be missing, or null."""
    bare = wire.pull(read(), REF)
    assert (bare.number, bare.title, bare.author, bare.source.name) == (7, "", GHOST, "")
    names = (f.name for f in msgspec.structs.fields(payloads.PullRequest) if f.name not in {"id", "title", "state"})
    empty = wire.pull(read(**dict.fromkeys(names)), REF)
    assert (empty.reviewers, empty.created_at, empty.merge_commit) == (None, None, None)


def test_more_than_is_read_does_no_harm() -> None:
    """At any level."""
    told: dict[str, Any] = {"what": {"is": ["this"]}, "author": {"uuid": "{1}", "nickname": "ada", "planet": 3}}
    author = wire.pull(read(**told), REF).author
    assert author is not None
    assert (author.id, author.handle) == ("{1}", "ada")


def test_a_fork_that_is_gone_has_no_repository() -> None:
    """But its branch has a name."""
    gone = {"branch": {"name": "fix"}, "commit": None, "repository": None}
    source = wire.pull(read(source=gone), REF).source
    assert (source.name, source.commit, source.repository, source.commit_abbreviated) == ("fix", None, None, False)


def test_commits_say_whether_they_are_short() -> None:
    """Twelve digits, or forty."""
    ends = {
        "source": {"commit": {"hash": "31c54529bd80"}, "branch": {"name": "fix"}},
        "destination": {"commit": {"hash": "7" * 40}, "branch": {"name": "main"}},
    }
    pull = wire.pull(read(**ends), REF)
    assert (pull.source.commit_abbreviated, pull.target.commit_abbreviated) == (True, False)


def test_times_are_in_utc() -> None:
    """To the microsecond."""
    created = wire.pull(read(created_on="2020-01-17T02:02:49.003611+01:00"), REF).created_at
    assert created is not None
    assert created.isoformat() == "2020-01-17T01:02:49.003611+00:00"


def test_of_the_whole_host_each_says_where_it_is() -> None:
    """By its destination's name."""
    everywhere = RepoRef(web=REF.web, path=ANYWHERE, kind=REF.kind)
    told = {"destination": {"repository": {"full_name": "tools/cli"}}}
    assert wire.pull(read(**told), everywhere).ref.repository.path == "tools/cli"
    assert wire.pull(read(**told), REF).ref.repository is REF


def test_who_merged_it_is_who_closed_it() -> None:
    """And a commit that was only tried is none of the merge."""
    told: dict[str, Any] = {"closed_by": {"uuid": "{1}", "nickname": "ada"}, "merge_commit": {"hash": "abc"}}
    merged = wire.pull(read(state="MERGED", **told), REF)
    assert merged.merged_by is not None
    assert (merged.merged_by.handle, merged.merge_commit) == ("ada", "abc")
    declined = wire.pull(read(state="DECLINED", **told), REF)
    assert (declined.merged_by, declined.merge_commit) == (None, None)


@pytest.mark.parametrize(
    ("told", "handle", "kind"),
    [
        ({"uuid": "{1}", "nickname": "ada", "display_name": "Ada L."}, "ada", PersonKind.USER),
        ({"uuid": "{1}", "display_name": "octo", "username": "octo", "type": "team"}, "octo", PersonKind.TEAM),
        ({"uuid": "{1}", "display_name": "A token", "type": "app_user"}, "A token", PersonKind.BOT),
        ({"account_id": "557058:1"}, "557058:1", PersonKind.USER),
    ],
)
def test_everybody_has_some_handle(told: dict[str, str], handle: str, kind: PersonKind) -> None:
    """What they call themselves first."""
    found = wire.person(msgspec.convert(told, payloads.Account))
    assert (found.handle, found.kind) == (handle, kind)


def test_nobody_is_a_ghost() -> None:
    """And where nobody has done it there is nobody."""
    assert wire.person(None) is GHOST
    assert wire.person(payloads.Account()) is GHOST
    assert wire.known(None) is None


def test_a_uuid_decides() -> None:
    """Not what two people call themselves."""
    ada = payloads.Account(uuid="{1}", account_id="5:a", nickname="Ada")
    assert all(wire.is_called(ada, each) for each in ("{1}", "5:a", "ada", "@ADA"))
    assert not any(wire.is_called(ada, each) for each in ("{2}", "", "ad"))
    assert not wire.is_called(None, "ada")


def test_commits_are_put_in_their_order() -> None:
    """By who is whose parent, whichever way they came."""
    first, second = payloads.Commit(hash="a"), payloads.Commit(hash="b", parents=[payloads.Hash(hash="a")])
    other = payloads.Commit(hash="c", parents=[payloads.Hash(hash="elsewhere")])
    assert wire.oldest_first([second, first]) == [first, second]
    assert wire.oldest_first([first, second]) == [first, second]
    assert wire.oldest_first([other, first]) == [other, first]
    assert wire.oldest_first([]) == []
