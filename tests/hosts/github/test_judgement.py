"""From what is known to an answer for each ability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullbridge.capabilities import UNKNOWN as NOT_SAID
from pullbridge.capabilities import AnswerState, Can, Capabilities
from pullbridge.errors import Unsupported
from pullbridge.hosts.documents import Selection, parse
from pullbridge.hosts.github import queries, tokens
from pullbridge.hosts.github.abilities import RULES
from pullbridge.hosts.github.features import Features
from pullbridge.hosts.github.gating import kind_of
from pullbridge.hosts.github.judgement import Connected, Facts, Home, Own, capabilities
from pullbridge.hosts.github.payloads import GraphFullPull, GraphRepository, RestRepository
from pullbridge.hosts.github.tokens import TokenKind
from pullbridge.model.merge import MergeMethod

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
MERGE, SQUASH, REBASE = MergeMethod.MERGE, MergeMethod.SQUASH, MergeMethod.REBASE
NEVER = {Can.DELETE_PULL, Can.COMMENT_OUTSIDE_HUNKS, Can.TASKS, Can.WEBHOOKS}

ALL = GraphRepository[Any](
    viewer_permission="ADMIN",
    is_private=False,
    is_archived=False,
    merge_commit_allowed=True,
    squash_merge_allowed=True,
    rebase_merge_allowed=True,
    auto_merge_allowed=True,
)
PULL = GraphFullPull(id="PR_1", number=1, title="T", state="OPEN", base_ref_name="main", head_ref_name="fix")


def connected(granted: tuple[str, ...] | None = ("repo",), **more: Any) -> Connected:
    told: dict[str, Any] = {"account": "a", "kind": TokenKind.CLASSIC, "answered": True, "enterprise": False, **more}
    return Connected(granted=granted, **told)


def features(repository: GraphRepository[Any] | None = ALL, **more: Any) -> Features:
    found = Features(lambda: connected(**more))
    found.learn_repository(repository)
    return found


def can(**more: Any) -> Capabilities:
    return features(**more).capabilities


def of_pull(pull: GraphFullPull = PULL, repository: GraphRepository[Any] = ALL, **more: Any) -> Capabilities:
    return features(repository, **more).of_pull(pull)


def changed(**settings: Any) -> GraphRepository[Any]:
    return msgspec.structs.replace(ALL, **settings)


def pull(**told: Any) -> GraphFullPull:
    return msgspec.structs.replace(PULL, **told)


# Before and after -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in TokenKind if kind is not TokenKind.NONE])
def test_before_anything_was_asked_little_is_yes(kind: TokenKind) -> None:
    """Only what is so whoever asks: GitHub guards every merge by the head, and has a rate limit."""
    fresh = Features(lambda: connected(None, kind=kind, answered=False)).capabilities
    assert {each for each in Can if each in fresh} == {Can.HEAD_GUARD, Can.RATE_BUDGET}
    assert {each for each in Can if fresh[each].state is NO} - {Can.WHOAMI} == NEVER


def test_with_everything_known_and_granted_all_but_githubs_own_gaps_is_yes() -> None:
    """Only whether a branch has a merge queue is left for the panel to tell."""
    assert {each for each in Can if each not in can()} == {*NEVER, Can.MERGE_QUEUE}
    queued = of_pull(pull(is_merge_queue_enabled=True))
    assert {each for each in Can if each not in queued} == {*NEVER, Can.REOPEN}


def test_another_account_knows_nothing_of_this_ones_rights() -> None:
    """What was learned for one is not said of another."""
    account = ["a"]
    found = Features(lambda: connected(account=account[0]))
    found.learn_repository(ALL)
    found.learn_probe()
    first = (found.probed, found.capabilities[Can.MERGE].state)
    account[0] = "b"
    assert first == (True, YES)
    assert (found.probed, found.capabilities[Can.MERGE].state) == (False, UNKNOWN)


def test_it_can_be_learned_again() -> None:
    """`forget` makes room for what a new probe finds."""
    found = features()
    found.learn_refused_checks()
    before = found.capabilities[Can.CHECKS].state
    found.forget()
    assert (before, found.capabilities[Can.CHECKS].state) == (NO, UNKNOWN)


def test_an_answer_that_says_nothing_takes_nothing_away() -> None:
    """What was learned stays until something else is said."""
    found = features(changed(viewer_permission="READ"))
    found.learn_repository(GraphRepository[Any]())
    found.learn_repository(None)
    assert found.capabilities[Can.MERGE].state is NO


# The table ------------------------------------------------------------------------------------------------------------


def test_every_ability_has_a_rule() -> None:
    """None falls to the answer for what nobody has thought of."""
    assert set(RULES) == set(Can)
    assert all(answer is not NOT_SAID for answer in can().values())


def fields_of(selections: tuple[Selection, ...], kind: str | None) -> Iterator[tuple[str | None, str]]:
    for each in selections:
        if each.field is not None:
            yield kind, each.field
        inner = kind_of(kind, each.field) if each.field is not None else each.on or kind
        yield from fields_of(each.inner or (), inner)


def test_a_rule_rests_on_fields_that_are_asked_for() -> None:
    """Else a server's word that it lacks one would never come. The commit's checks stand in for the pull request's."""
    texts = [text for name, text in vars(queries).items() if name.isupper() and name[0] != "_"]
    whole = [each for text in texts if isinstance(text, str) for each in parse(text)]
    asked = {found for each in whole for found in fields_of(each.inner, each.on)}
    wanted = {field for rule in RULES.values() for field in rule.fields} - {("Commit", "statusCheckRollup")}
    assert wanted <= asked


FACTS = st.builds(
    Facts,
    connected=st.builds(
        Connected,
        account=st.just("a"),
        kind=st.sampled_from(TokenKind),
        granted=st.none() | st.sampled_from([(), ("repo",), ("public_repo",), ("repo:status",), ("read:user",)]),
        answered=st.booleans(),
        enterprise=st.none() | st.booleans(),
        missing=st.sets(st.sampled_from(sorted({f for r in RULES.values() for f in r.fields}))).map(frozenset),
        limited=st.booleans(),
    ),
    home=st.none()
    | st.builds(
        Home,
        permission=st.none() | st.sampled_from(["READ", "TRIAGE", "WRITE", "MAINTAIN", "ADMIN", "NEW"]),
        methods=st.none() | st.sets(st.sampled_from([MERGE, SQUASH, REBASE])).map(frozenset),
    ),
    own=st.none()
    | st.builds(
        Own,
        state=st.sampled_from(["OPEN", "CLOSED", "MERGED"]),
        author=st.none() | st.booleans(),
        told=st.dictionaries(st.sampled_from(Can), st.none() | st.booleans()),
    ),
)
some = settings(max_examples=40, deadline=None)


@some
@given(FACTS)
def test_every_no_and_every_unknown_has_a_reason(facts: Facts) -> None:
    """Whatever is known: a user interface shows it beside what it leaves out; only a scope that is missing is `needed`."""
    for answer in capabilities(facts).values():
        assert answer.reason or answer.state is YES
        assert answer.state is NO or not answer.needed


@some
@given(FACTS)
def test_of_a_repository_that_nobody_has_seen_nothing_is_claimed(facts: Facts) -> None:
    """A yes needs an answer that showed the repository."""
    blind = capabilities(replace(facts, home=Home(), own=None))
    assert not [each for each in blind if each in blind and not RULES[each].everywhere and RULES[each].answer is None]


# Credentials ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("ghp_x", TokenKind.CLASSIC),
        ("gho_x", TokenKind.CLASSIC),
        ("github_pat_x", TokenKind.FINE_GRAINED),
        ("ghs_x", TokenKind.INSTALLATION),
        ("ghu_x", TokenKind.APP_USER),
        ("0" * 40, TokenKind.OTHER),
    ],
)
def test_a_token_tells_its_kind(token: str, kind: TokenKind) -> None:
    """By how it begins; the oldest say nothing."""
    assert tokens.kind_of({"Authorization": f"Bearer {token}"}) is kind
    assert tokens.kind_of({}) is TokenKind.NONE


def test_nobody_may_read_what_is_not_in_graphql_alone() -> None:
    """GitHub's GraphQL is for the signed-in only."""
    found = Features(lambda: connected(None, kind=TokenKind.NONE))
    found.learn_visibility(RestRepository(full_name="octo/app", private=False))
    states = {each: found.capabilities[each].state for each in (Can.READ, Can.CHECKS, Can.COMMENT)}
    assert states == {Can.READ: YES, Can.CHECKS: NO, Can.COMMENT: NO}


@pytest.mark.parametrize(
    ("granted", "private", "state"),
    [
        (("repo",), None, YES),
        (("repo",), True, YES),
        (("public_repo",), False, YES),
        (("public_repo",), True, NO),
        (("public_repo",), None, UNKNOWN),
        (("read:user",), None, NO),
        ((), False, NO),
        (None, None, UNKNOWN),
        (None, True, UNKNOWN),
    ],
)
def test_scopes_decide_over_writes(granted: tuple[str, ...] | None, private: bool | None, state: AnswerState) -> None:
    """Where nothing is told of what was granted it is unknown, which blocks nothing."""
    assert can(repository=changed(is_private=private), granted=granted)[Can.COMMENT].state is state


@pytest.mark.parametrize(
    ("private", "needed"), [(True, ("repo",)), (False, ("public_repo",)), (None, ("repo", "public_repo"))]
)
def test_the_least_scope_that_is_missing_is_named(private: bool | None, needed: tuple[str, ...]) -> None:
    """So that a verb raises `ScopeMissing` with it, and not `Unsupported`."""
    assert can(repository=changed(is_private=private), granted=("read:user",))[Can.MERGE].needed == needed


def test_a_narrow_scope_suffices_for_checks() -> None:
    """`repo:status` reports a check of a private repository, and no more."""
    found = can(repository=changed(is_private=True), granted=("repo:status",))
    assert Can.REPORT_CHECK in found
    assert found[Can.COMMENT].needed == ("repo",)


@pytest.mark.parametrize("kind", [TokenKind.FINE_GRAINED, TokenKind.INSTALLATION, TokenKind.APP_USER])
def test_permissions_are_not_told(kind: TokenKind) -> None:
    """Of a credential without scopes it is unknown what it may write; the reason names the permissions that it takes."""
    found = can(granted=None, kind=kind)
    assert found[Can.RESOLVE].state is UNKNOWN
    assert "contents:write and pull_requests:write" in found[Can.RESOLVE].reason
    assert "contents:write" in found[Can.MERGE].reason
    assert Can.CONTENT in found, "the repository is public"


def test_an_answer_shows_a_permission() -> None:
    """Who has read a private pull request may read them; whether its contents, too, is still unknown."""
    secret = changed(is_private=True)
    found = features(secret, granted=None, kind=TokenKind.FINE_GRAINED)
    before = found.capabilities[Can.READ].state
    found.learn_repository(secret, pulls_read=True)
    after = {each: found.capabilities[each].state for each in (Can.READ, Can.CONTENT)}
    assert (before, after) == (UNKNOWN, {Can.READ: YES, Can.CONTENT: UNKNOWN})


def test_checks_that_were_refused_are_no() -> None:
    """Until then it is unknown whether a fine-grained token may read them."""
    found = features(changed(is_private=True), granted=None, kind=TokenKind.FINE_GRAINED)
    before = found.capabilities[Can.CHECKS].state
    found.learn_refused_checks()
    assert (before, found.capabilities[Can.CHECKS].state) == (UNKNOWN, NO)
    assert "fine-grained" in (found.capabilities[Can.CHECKS].remedy or "")


def test_an_installation_is_nobody() -> None:
    """It has no account that could be asked for."""
    assert can(granted=None, kind=TokenKind.INSTALLATION)[Can.WHOAMI].state is NO


# Roles and settings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["READ", "TRIAGE"])
def test_a_role_decides_over_merging(role: str) -> None:
    """Everybody may comment; only those who may push may merge, and the reason is the role."""
    found = can(repository=changed(viewer_permission=role))
    assert found[Can.MERGE].state is NO
    assert role.lower() in found[Can.MERGE].reason
    assert found[Can.MERGE].needed == ()
    assert Can.COMMENT in found
    assert (Can.LABELS in found) is (role == "TRIAGE")


@pytest.mark.parametrize("role", ["WRITE", "MAINTAIN", "ADMIN"])
def test_who_may_push_may_merge(role: str) -> None:
    """No role blocks them."""
    assert Can.MERGE in can(repository=changed(viewer_permission=role))


def test_the_author_may_what_their_role_does_not_allow() -> None:
    """Unknown for the repository, yes for one's own pull request, no for somebody else's."""
    reader = changed(viewer_permission="READ")
    states = {author: of_pull(pull(viewer_did_author=author), reader)[Can.RESOLVE].state for author in (True, False)}
    assert can(repository=reader)[Can.RESOLVE].state is UNKNOWN
    assert states == {True: YES, False: NO}


def test_an_archive_is_only_read() -> None:
    """Nothing is written there, but one may still fork it."""
    found = can(repository=changed(is_archived=True))
    assert "archived" in found[Can.COMMENT].reason
    assert Can.READ in found
    assert Can.FORK in found


def test_auto_merge_is_a_setting() -> None:
    """Off, it is a no with the setting as its reason."""
    found = can(repository=changed(auto_merge_allowed=False))[Can.AUTO_MERGE]
    assert (found.state, found.reason) == (NO, "auto-merge is off in the repository's settings")


def test_methods_are_a_setting() -> None:
    """What the settings allow is named; a method that they do not is refused; a single one is meant by no wish."""
    found = features(changed(merge_commit_allowed=False))
    assert found.capabilities[Can.CHOOSE_MERGE_METHOD].reason == "its settings allow squash and rebase"
    assert found.method(SQUASH) is SQUASH
    assert found.method(None) is None
    with pytest.raises(Unsupported, match="squash and rebase") as refused:
        found.method(MERGE)
    assert refused.value.can is Can.CHOOSE_MERGE_METHOD
    assert features(changed(merge_commit_allowed=False, rebase_merge_allowed=False)).method(None) is SQUASH


def test_a_method_that_github_has_not_is_refused() -> None:
    """Even where nothing is known of the settings: it is never merged in another way."""
    with pytest.raises(Unsupported, match="merge and squash and rebase"):
        features(None).method(MergeMethod.FAST_FORWARD)
    assert features(None).method(SQUASH) is SQUASH


# Products -------------------------------------------------------------------------------------------------------------


def test_an_enterprise_server_has_no_merge_in_the_background() -> None:
    """GH-39: a no, with the server's version in its reason; unknown until a server has told that it is one."""
    found = can(enterprise=True, server="GitHub Enterprise Server 3.17.4")[Can.MERGE_STACKED]
    assert found.state is NO
    assert "GitHub Enterprise Server 3.17.4" in found.reason
    assert can(enterprise=None)[Can.MERGE_STACKED].state is UNKNOWN
    assert Can.MERGE_STACKED in can(enterprise=False)


def test_an_enterprise_server_may_have_no_rate_limit() -> None:
    """Its administrators decide; an answer that tells a budget settles it."""
    assert can(enterprise=True)[Can.RATE_BUDGET].state is UNKNOWN
    assert Can.RATE_BUDGET in can(enterprise=True, limited=True)


def test_what_a_server_lacks_is_no() -> None:
    """By the field or the mutation that it said it does not have."""
    found = can(missing=frozenset({("Mutation", "enqueuePullRequest")}), server="GitHub Enterprise Server 3.10")
    assert found[Can.MERGE_QUEUE].reason == "GitHub Enterprise Server 3.10 has no Mutation.enqueuePullRequest"
    assert Can.MERGE in found


# One pull request -----------------------------------------------------------------------------------------------------


def test_nobody_approves_their_own() -> None:
    """The author may comment, and give no verdict."""
    mine = of_pull(pull(viewer_did_author=True))
    states = {each: mine[each].state for each in (Can.APPROVE, Can.REQUEST_CHANGES, Can.COMMENT)}
    assert states == {Can.APPROVE: NO, Can.REQUEST_CHANGES: NO, Can.COMMENT: YES}


@pytest.mark.parametrize("state", ["CLOSED", "MERGED"])
def test_what_is_not_open_is_not_merged(state: str) -> None:
    """The reason is the state; only what was closed can be opened again."""
    found = of_pull(pull(state=state, viewer_can_reopen=state == "CLOSED"))
    assert found[Can.MERGE].reason == f"it is {state.lower()}"
    assert (Can.REOPEN in found) is (state == "CLOSED")


def test_a_draft_is_not_merged() -> None:
    """The remedy is to mark it ready."""
    found = of_pull(pull(is_draft=True))[Can.MERGE]
    assert (found.state, found.remedy) == (NO, "mark it ready for review first")


def test_a_locked_conversation_is_for_those_with_a_role() -> None:
    """Who may write may still speak."""
    locked = pull(locked=True)
    assert of_pull(locked, changed(viewer_permission="READ"))[Can.COMMENT].state is NO
    assert Can.COMMENT in of_pull(locked)


def test_github_knows_best() -> None:
    """What it says of the viewer outweighs what follows from the role, in both directions, and not a missing scope."""
    reader = changed(viewer_permission="READ")
    told = pull(viewer_can_update=True, viewer_can_close=False, viewer_can_update_branch=False, viewer_did_author=False)
    found = of_pull(told, reader)
    assert Can.EDIT in found
    assert found[Can.CLOSE].state is NO
    assert "up to date" in found[Can.UPDATE_BRANCH].reason
    assert of_pull(told, reader, granted=("read:user",))[Can.EDIT].needed == ("public_repo",)


@pytest.mark.parametrize(("queue", "state"), [(True, YES), (False, NO), (None, UNKNOWN)])
def test_the_target_has_a_queue_or_none(queue: bool | None, state: AnswerState) -> None:
    """Only the pull request tells."""
    assert of_pull(pull(is_merge_queue_enabled=queue))[Can.MERGE_QUEUE].state is state
