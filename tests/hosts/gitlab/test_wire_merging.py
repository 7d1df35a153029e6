"""Whether GitLab lets it be merged, and how it would land."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pullbridge import Can, MergeabilityState, MergeMethod, Unsupported
from pullbridge.hosts.gitlab import methods, payloads, wire
from pullbridge.model.merge import Mergeability

BASE: dict[str, Any] = {"iid": 7, "title": "t", "state": "opened", "source_branch": "fix", "target_branch": "main"}
S = MergeabilityState
#: REST's words with what each means: https://docs.gitlab.com/api/merge_requests/#merge-status
DETAILED = {
    "approvals_syncing": S.CHECKING,
    "checking": S.CHECKING,
    "ci_must_pass": S.BLOCKED,
    "ci_still_running": S.BLOCKED,
    "commits_status": S.BLOCKED,
    "conflict": S.CONFLICTS,
    "discussions_not_resolved": S.BLOCKED,
    "draft_status": S.DRAFT,
    "jira_association_missing": S.BLOCKED,
    "locked_lfs_files": S.BLOCKED,
    "locked_paths": S.BLOCKED,
    "merge_request_blocked": S.BLOCKED,
    "merge_time": S.BLOCKED,
    "mergeable": S.READY,
    "need_rebase": S.BEHIND,
    "not_approved": S.BLOCKED,
    "not_open": S.CLOSED,
    "preparing": S.CHECKING,
    "requested_changes": S.BLOCKED,
    "security_policy_violations": S.BLOCKED,
    "status_checks_must_pass": S.BLOCKED,
    "unchecked": S.CHECKING,
}
#: Where GraphQL has another word than REST's in capitals.
GRAPHQL = {
    "JIRA_ASSOCIATION": "jira_association_missing",
    "BLOCKED_STATUS": "merge_request_blocked",
    "SECURITY_POLICIES_VIOLATIONS": "security_policy_violations",
    "EXTERNAL_STATUS_CHECKS": "status_checks_must_pass",
}


def payload(**said: Any) -> payloads.MergeRequest:
    return msgspec.convert({**BASE, **said}, payloads.MergeRequest)


def judged(**said: Any) -> Mergeability:
    return wire.mergeability(payload(**said))


@pytest.mark.parametrize(("word", "state"), DETAILED.items())
def test_each_documented_word_has_its_state_and_reason(word: str, state: MergeabilityState) -> None:
    """In REST's spelling and in GraphQL's (GL-34); only what is ready needs no reason."""
    found = judged(detailed_merge_status=word, merge_status="can_be_merged")
    assert (found.state, found.raw) == (state, word)
    assert bool(found.reasons) is (state is not S.READY)
    assert wire.judged("opened", word.upper()).state is state


@pytest.mark.parametrize(("graphql", "rest"), GRAPHQL.items())
def test_graphqls_own_words_mean_the_same(graphql: str, rest: str) -> None:
    """Four of them differ (GL-36)."""
    one, other = wire.judged("opened", graphql), wire.judged("opened", rest)
    assert (one.state, one.reasons) == (other.state, other.reasons)


def test_an_unknown_word_is_kept() -> None:
    """It is neither a yes nor a crash (GL-35)."""
    found = judged(detailed_merge_status="moon_phase", merge_status="can_be_merged")
    assert found == Mergeability(state=S.UNKNOWN, raw="moon_phase")
    assert judged() == Mergeability(state=S.UNKNOWN)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"merge_status": "can_be_merged"}, S.READY),
        ({"merge_status": "cannot_be_merged"}, S.CONFLICTS),
        ({"merge_status": "unchecked"}, S.CHECKING),
        ({"merge_status": "checking"}, S.CHECKING),
        ({"merge_status": "cannot_be_merged_recheck"}, S.CHECKING),
        ({"merge_status": "moon_phase"}, S.UNKNOWN),
        ({"merge_status": "can_be_merged", "work_in_progress": True}, S.DRAFT),
        ({"merge_status": "can_be_merged", "blocking_discussions_resolved": False}, S.BLOCKED),
        ({"merge_status": "cannot_be_merged", "draft": True}, S.CONFLICTS),
    ],
)
def test_before_15_6_the_older_words_count(said: dict[str, Any], state: MergeabilityState) -> None:
    """They are about conflicts alone; drafts and open threads are told elsewhere (GL-37)."""
    assert judged(**said).state is state


@pytest.mark.parametrize(
    ("word", "state"), [("locked", S.CHECKING), ("closed", S.CLOSED), ("merged", S.CLOSED), ("opened", S.READY)]
)
def test_the_state_goes_before_the_word(word: str, state: MergeabilityState) -> None:
    """What is being merged is waited for, and what is not open is not mergeable, whatever was computed before."""
    found = judged(state=word, detailed_merge_status="mergeable")
    assert found.state is state
    assert bool(found.reasons) is (state is not S.READY)


def test_why_the_last_merge_failed_is_a_reason() -> None:
    """`merge_error` says what no word says; what is ready now needs none."""
    found = judged(detailed_merge_status="conflict", merge_error="Rebase failed: Rebase locally, resolve all conflicts")
    assert "Rebase failed" in found.reasons[-1]
    assert judged(detailed_merge_status="mergeable", merge_error="an older one").reasons == ()


def project(method: str | None = "merge", squash: str | None = "default_off") -> payloads.Project:
    return payloads.Project(id=3, path_with_namespace="g/app", merge_method=method, squash_option=squash)


def _refused(method: MergeMethod, setting: str, option: str) -> Unsupported | None:
    try:
        methods.landing(project(setting, option), payload(squash=False), method)
    except Unsupported as error:
        return error
    return None


@pytest.mark.parametrize("setting", ["merge", "rebase_merge", "ff"])
@pytest.mark.parametrize("option", ["always", "never", "default_on", "default_off"])
def test_only_what_the_settings_allow_can_be_chosen(setting: str, option: str) -> None:
    """The method is the project's, and squashing as its option says (GL-43)."""
    allowed = {method for method in MergeMethod if _refused(method, setting, option) is None}
    own = {MergeMethod.FAST_FORWARD if setting == "ff" else MergeMethod.MERGE}
    squash = set[MergeMethod]() if option == "never" else {MergeMethod.SQUASH}
    assert allowed == (squash if option == "always" else own | squash)


def test_a_refused_method_says_why() -> None:
    """And what can be done instead."""
    refused = _refused(MergeMethod.REBASE, "merge", "default_off")
    assert refused is not None
    assert (refused.can, refused.reason) == (Can.CHOOSE_MERGE_METHOD, "GitLab rebases before a merge, and not by one")
    assert "update_branch" in refused.remedy


@pytest.mark.parametrize("said", [{"squash": True}, {"squash": False, "squash_on_merge": True}])
def test_a_merge_that_was_asked_for_is_no_squash(said: dict[str, bool]) -> None:
    """What the merge request notes is taken off before: GitLab's merge call passes over `squash=false`."""
    assert methods.landing(project(), payload(**said), MergeMethod.MERGE).unsquash
    assert not methods.landing(project(), payload(**said), MergeMethod.SQUASH).unsquash
    assert not methods.landing(project(), payload(squash=False), MergeMethod.MERGE).unsquash
    assert not methods.landing(project(), payload(**said), None).unsquash


def test_a_message_goes_to_the_commit_that_will_be() -> None:
    """Of the squash, of the merge; a fast-forward makes none, and says so."""
    assert methods.landing(project(), payload(), MergeMethod.SQUASH).message_field() == "squash_commit_message"
    assert methods.landing(project(), payload(squash=True), None).message_field() == "squash_commit_message"
    assert (
        methods.landing(project(squash="never"), payload(squash=True), None).message_field() == "merge_commit_message"
    )
    assert methods.landing(project(), payload(), None).message_field() == "merge_commit_message"
    assert methods.landing(project("ff"), payload(squash=True), None).message_field() == "squash_commit_message"
    with pytest.raises(Unsupported, match="makes no commit"):
        methods.landing(project("ff"), payload(), None).message_field()


def test_settings_that_are_not_shown_rule_nothing_out_but_a_fast_forward() -> None:
    """A merge commit is GitLab's default; that a project fast-forwards must be known."""
    assert methods.landing(project(None, None), payload(), MergeMethod.MERGE) == methods.Landing()
    with pytest.raises(Unsupported):
        methods.landing(project(None, None), payload(), MergeMethod.FAST_FORWARD)
