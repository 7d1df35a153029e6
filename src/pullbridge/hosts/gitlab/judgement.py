"""From what is known to an answer for each ability: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pullbridge.auth.scopes.gitlab import TABLE
from pullbridge.capabilities import Answer, AnswerState, Can, Capabilities, no, unknown
from pullbridge.hosts.gitlab.abilities import RULES, Level, Rule
from pullbridge.hosts.gitlab.tokens import TokenKind
from pullbridge.hosts.gitlab.versions import Version, named
from pullbridge.hosts.judging import ANONYMOUS, NOT_ASKED, TRY, of_granted, weighed
from pullbridge.model.merge import MergeMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What is known of the connection. `answered`: something was answered to this credential.

    `service`: it is gitlab.com, and so the newest version. `untold`: it was asked for its version, or for what was granted,
    and does not tell this credential. `granted` are classic scopes, and `granular` a token that has permissions instead.
    """

    account: str
    kind: TokenKind
    granted: tuple[str, ...] | None = None
    granular: bool = False
    answered: bool = False
    service: bool = False
    version: Version | None = None
    untold: frozenset[str] = frozenset()
    server: str = "GitLab"
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What is known of the project.

    `level` is the least that I have: what comes by a group that the project is shared with is not told. `pushes` and
    `creates` are GitLab's own words on what I may do; `pulls`: whether the project has merge requests at all.
    """

    seen: bool = False
    level: int | None = None
    pushes: bool | None = None
    creates: bool | None = None
    private: bool | None = None
    archived: bool | None = None
    pulls: bool | None = None
    forkable: bool | None = None
    methods: frozenset[MergeMethod] | None = None
    premium: bool | None = None
    trains: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is known of one merge request. `told` is what GitLab itself says that I can do with it."""

    state: str
    author: bool | None = None
    draft: bool | None = None
    locked: bool | None = None
    told: Mapping[Can, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known. `home` is `None` where the whole instance is asked, `own` where no merge request is."""

    connected: Connected
    home: Home | None = None
    own: Own | None = None


#: What `Connected.untold` may hold.
VERSION, SCOPES = "version", "scopes"

#: What is only done to a merge request that is open.
_OPEN = frozenset(
    {
        Can.MERGE,
        Can.AUTO_MERGE,
        Can.MERGE_QUEUE,
        Can.UPDATE_BRANCH,
        Can.CLOSE,
        Can.DRAFTS,
        Can.APPROVE,
        Can.REQUEST_CHANGES,
        Can.APPLY_SUGGESTION,
    }
)
_MERGES = frozenset({Can.MERGE, Can.AUTO_MERGE, Can.MERGE_QUEUE})
#: What one says: a locked conversation keeps it from those who are no members.
SPEECH = frozenset(
    {
        Can.COMMENT,
        Can.COMMENT_INLINE,
        Can.COMMENT_OLD_SIDE,
        Can.COMMENT_RANGE,
        Can.COMMENT_FILE,
        Can.COMMENT_OLD_COMMIT,
        Can.COMMENT_OUTSIDE_HUNKS,
        Can.REPLY,
        Can.SUGGEST,
        Can.PENDING_REVIEW,
        Can.BATCH_REVIEW,
    }
)
_CLASSIC, _FINE = TABLE.kinds["oauth"], TABLE.kinds["fine-grained"]
_PANEL = "the panel of a pull request tells"
_WHY_NOT = {
    Can.MERGE: "your role does not allow it, or the target branch is protected",
    Can.AUTO_MERGE: "your role does not allow it, or the target branch is protected",
    Can.APPROVE: "you have approved it already, or the project's rules do not let you",
    Can.UPDATE_BRANCH: "you may not push to its source branch",
    Can.APPLY_SUGGESTION: "you may not push to its source branch",
    Can.DELETE_SOURCE: "you may not push to its source branch",
}


def capabilities(facts: Facts) -> Capabilities:
    """All answers."""
    return Capabilities({can: judged(can, facts) for can in Can}, granted=facts.connected.granted)


def judged(can: Can, facts: Facts) -> Answer:
    """One answer."""
    rule = RULES[can]
    return rule.answer if rule.answer is not None else weighed(_findings(can, rule, facts))


def _findings(can: Can, rule: Rule, facts: Facts) -> Iterator[Answer]:
    """Everything that speaks against a plain yes, and a yes that has something to add."""
    connected, home, own = facts.connected, facts.home, facts.own
    told = own.told.get(can) if own is not None else None
    yield from _of_version(rule, connected)
    yield from _of_credential(can, rule, connected)
    if own is not None:
        yield from _of_pull(can, own, home or Home())
        if told is False:
            yield no(_WHY_NOT.get(can, "GitLab says that you may not do it here"))
    if rule.everywhere:
        yield from _of_instance(can, connected)
        return
    if home is None:
        yield unknown("it depends on the project", "repository(path).probe()")
        return
    yield from () if home.seen else (NOT_ASKED,)
    yield from _of_plan(rule, connected, home)
    yield from () if told else _of_level(can, rule, home, own)
    yield from _of_settings(can, rule, home)


def _of_instance(can: Can, connected: Connected) -> Iterator[Answer]:
    if can is Can.RATE_BUDGET:
        # https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ (off by default)
        if not connected.limited and not connected.service:
            yield unknown("an instance limits only where its administrators have turned that on")
    elif not connected.answered:
        yield NOT_ASKED


def _of_version(rule: Rule, connected: Connected) -> Iterator[Answer]:
    if not rule.since or connected.service:
        return
    wanted = named(rule.since)
    if connected.version is not None:
        if not connected.version.at_least(rule.since):
            yield no(f"it needs GitLab {wanted}, and this is {connected.version}", "upgrade the server")
    elif VERSION in connected.untold:
        yield unknown(f"it needs GitLab {wanted}, and this one does not tell its version", TRY)
    else:
        yield unknown(f"it needs GitLab {wanted}, and the version is not known yet", "probe()")


def _of_credential(can: Can, rule: Rule, connected: Connected) -> Iterator[Answer]:
    if connected.kind is TokenKind.NONE:
        if rule.writes or rule.signed:
            yield ANONYMOUS
    elif connected.kind is TokenKind.JOB:
        yield from _of_job(can, rule)
    elif connected.granular:
        needs = " and ".join(_permissions(can))
        if needs:
            yield unknown(f"it needs {needs}, and a fine-grained token is not asked for its permissions", TRY)
    else:
        yield from _of_scopes(can, rule, connected)


def _permissions(can: Can) -> tuple[str, ...]:
    return _FINE.need(can, "private").any_of[0]


def _of_job(can: Can, rule: Rule) -> Iterator[Answer]:
    """https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access"""
    if can is Can.WHOAMI or rule.writes or rule.signed:
        yield no("a job token reads, and is nobody", "use a project access token")
    elif not rule.jobs and can is not Can.RATE_BUDGET:
        yield unknown("a job token reads little of a project", TRY)


def _of_scopes(can: Can, rule: Rule, connected: Connected) -> Iterator[Answer]:
    """What is public takes the same: whoever signs a request may only do what was granted."""
    if connected.granted is None:
        if rule.writes:
            known = SCOPES in connected.untold
            why = "this token does not tell what it was granted" if known else "what was granted is not known yet"
            yield unknown(why, TRY if known else "probe()")
        return
    yield from of_granted("the token", _CLASSIC, _CLASSIC.need(can, "private"), connected.granted)


def _of_pull(can: Can, own: Own, home: Home) -> Iterator[Answer]:
    # "locked" is what GitLab calls a merge request while it merges it.
    state = {"opened": "open", "locked": "being merged"}.get(own.state, own.state)
    if can in _OPEN and own.state != "opened":
        yield no(f"it is {state}")
    if can is Can.REOPEN and own.state != "closed":
        yield no(f"it is {state}")
    if can is Can.MERGE and own.draft:
        yield no("it is a draft", "mark it ready for review first")
    if can in SPEECH and own.locked and home.seen and not (home.level or home.pushes or own.author):
        yield unknown("its conversation is locked, and you are no member as far as the project tells", TRY)


def _of_plan(rule: Rule, connected: Connected, home: Home) -> Iterator[Answer]:
    """https://about.gitlab.com/pricing/feature-comparison/"""
    if not rule.premium or home.premium:
        return
    edition = connected.version.enterprise if connected.version is not None else None
    if home.premium is False or edition is False:
        yield no("it needs Premium", "upgrade the plan")
    else:
        yield unknown("it needs Premium, and nothing tells the plan yet", "probe()" if not home.seen else TRY)


def _level(home: Home) -> Level:
    least = 30 if home.pushes else 0
    held = max(home.level or 0, least)
    return max(each for each in Level if each <= held)


def _of_level(can: Can, rule: Rule, home: Home, own: Own | None) -> Iterator[Answer]:
    if not rule.writes:
        return
    if can in {Can.CREATE, Can.CROSS_FORK} and home.creates is False:
        yield no("the project takes no merge requests of yours", "ask for the role developer")
    if rule.level is Level.NOBODY or _level(home) >= rule.level:
        if can in _MERGES and _level(home) < Level.MAINTAINER:
            yield unknown("a protected target branch may be merged into by maintainers only", _PANEL)
        return
    author = own.author if own is not None else None
    if rule.author and author:
        return
    if home.pushes is False and rule.level is Level.DEVELOPER and not (rule.author and author is None):
        yield no(f"your role in this project is below {rule.level.word}", f"ask for the role {rule.level.word}")
    elif rule.author and author is None:
        yield unknown("with a lesser role only with what is your own", _PANEL)
    elif home.seen:
        held = _level(home).word
        yield unknown(f"it takes the role {rule.level.word}, and you are {held} as far as the project tells", TRY)
    else:
        yield unknown("your role in this project is not known yet", "probe()")


def _of_settings(can: Can, rule: Rule, home: Home) -> Iterator[Answer]:
    if home.archived and rule.writes and not rule.personal:
        yield no("the project is archived", "unarchive it in its settings")
    if home.pulls is False and "merge_request" in "".join(_permissions(can)):
        yield no("merge requests are off in the project's settings", "turn them on there")
    if can is Can.FORK and home.forkable is False:
        yield no("forking is off in the project's settings")
    if can is Can.MERGE_QUEUE and home.trains is not True:
        off = no("merge trains are off in the project's settings", "turn them on there, or merge without")
        yield off if home.trains is False else unknown("the project's settings are not known yet", "probe()")
    if can is Can.CHOOSE_MERGE_METHOD:
        yield _of_methods(home.methods)


def _of_methods(methods: frozenset[MergeMethod] | None) -> Answer:
    if methods is None:
        return unknown("the project's settings are not known yet", "probe()")
    return Answer(state=AnswerState.YES, reason=f"its settings allow {allowed(methods)}")


def allowed(methods: frozenset[MergeMethod]) -> str:
    """The methods in words."""
    return " and ".join(each.value for each in MergeMethod if each in methods) or "no method at all"
