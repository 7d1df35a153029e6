"""From what is known to an answer for each ability: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pullbridge.auth.scopes.bitbucket_dc import TABLE
from pullbridge.auth.scopes.table import VISIBILITIES, Visibility
from pullbridge.capabilities import Answer, AnswerState, Can, Capabilities, no, unknown
from pullbridge.hosts.bitbucket_dc.abilities import RULES, Level, Rule
from pullbridge.hosts.bitbucket_dc.tokens import TokenKind
from pullbridge.hosts.bitbucket_dc.versions import Version, named
from pullbridge.hosts.judging import ANONYMOUS, NOT_ASKED, TRY, of_granted, weighed
from pullbridge.model.merge import MergeMethod

#: What `Connected.untold` may hold.
VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What is known of the connection. `answered`: something was answered to this credential.

    `untold`: the instance was asked for its version, and does not tell it. `limited`: an answer has told a budget. What a
    token was granted is told nowhere; `granted` is what the credentials themselves know of it.
    """

    account: str
    kind: TokenKind
    granted: tuple[str, ...] | None = None
    answered: bool = False
    version: Version | None = None
    untold: frozenset[str] = frozenset()
    server: str = "Bitbucket"
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What is known of the repository. `level` is what this credential may do there, `None` where that is not told."""

    seen: bool = False
    level: Level | None = None
    private: bool | None = None
    archived: bool | None = None
    forkable: bool | None = None
    methods: frozenset[MergeMethod] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is known of one pull request; `state` is Data Center's word."""

    state: str
    author: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known. `home` is `None` where the whole instance is asked, `own` where no pull request is."""

    connected: Connected
    home: Home | None = None
    own: Own | None = None


#: What is only done to a pull request that is open.
_OPEN = frozenset(
    {
        Can.MERGE,
        Can.AUTO_MERGE,
        Can.UPDATE_BRANCH,
        Can.CLOSE,
        Can.DRAFTS,
        Can.RETARGET,
        Can.APPROVE,
        Can.WITHDRAW,
        Can.REQUEST_CHANGES,
        Can.REVIEWERS,
        Can.APPLY_SUGGESTION,
    }
)
#: "You cannot approve your own": https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (participants, 400)
_VERDICTS = frozenset({Can.APPROVE, Can.REQUEST_CHANGES, Can.WITHDRAW})
_WORDS = TABLE.kinds["oauth"]
_PANEL = "the panel of a pull request tells"


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
    yield from _of_version(rule, connected)
    if connected.kind is TokenKind.NONE and (rule.writes or rule.signed):
        yield ANONYMOUS
    elif connected.granted is not None:
        yield from _of_scopes(can, connected.granted, home.private if home is not None else None)
    if own is not None:
        yield from _of_pull(can, own)
    if rule.everywhere:
        yield from _of_instance(can, connected)
        return
    if home is None:
        yield unknown("it depends on the repository", "repository(path).probe()")
        return
    yield from () if home.seen else (NOT_ASKED,)
    yield from _of_level(rule, home, own)
    yield from _of_settings(can, rule, home)


def _of_scopes(can: Can, granted: tuple[str, ...], private: bool | None) -> Iterator[Answer]:
    """What is public takes less, and where it is not known which it is, less may be enough."""
    in_private, in_public = (tuple(_lacking(can, each, granted)) for each in VISIBILITIES)
    if private is None and in_private and not in_public:
        yield unknown("the token reaches public repositories only", "probe()")
    else:
        yield from in_public if private is False else in_private


def _lacking(can: Can, visibility: Visibility, granted: tuple[str, ...]) -> Iterator[Answer]:
    return of_granted("the token", _WORDS, _WORDS.need(can, visibility), granted)


def _of_instance(can: Can, connected: Connected) -> Iterator[Answer]:
    if can is Can.RATE_BUDGET:
        if not connected.limited:
            yield unknown("an instance limits only where its administrators have turned that on, and does not tell how")
    elif not connected.answered:
        yield NOT_ASKED


def _of_version(rule: Rule, connected: Connected) -> Iterator[Answer]:
    if not rule.since:
        return
    wanted = named(rule.since)
    if connected.version is not None:
        if not connected.version.at_least(rule.since):
            yield no(f"it needs Bitbucket {wanted}, and this is {connected.version}", "upgrade the server")
    elif VERSION in connected.untold:
        yield unknown(f"it needs Bitbucket {wanted}, and this one does not tell its version", TRY)
    else:
        yield unknown(f"it needs Bitbucket {wanted}, and the version is not known yet", "probe()")


def _of_pull(can: Can, own: Own) -> Iterator[Answer]:
    state = own.state.lower()
    if can in _OPEN and own.state != "OPEN":
        yield no(f"it is {state}")
    if can is Can.REOPEN and own.state != "DECLINED":
        yield no(f"it is {state}")
    if can in _VERDICTS and own.author:
        yield no("nobody reviews what is their own", "ask somebody else")


def _of_level(rule: Rule, home: Home, own: Own | None) -> Iterator[Answer]:
    """What one may do less than its author may: https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/"""
    held, author = home.level, own.author if own is not None else None
    if not rule.writes or rule.level <= Level.READ or (rule.author and author):
        return
    if held is None:
        why = (
            "what you may do in this repository is not told"
            if home.seen
            else "it is not known yet what you may do here"
        )
        yield unknown(why, TRY if home.seen else "probe()")
    elif held < rule.level:
        if rule.author and author is None:
            yield unknown("without more permissions only with what is your own", _PANEL)
        else:
            lack = f"it takes {rule.level.word}, and you, or your token, have {held.word} in this repository"
            yield no(lack, f"ask for {rule.level.word}", needed=(rule.level.word,))


def _of_settings(can: Can, rule: Rule, home: Home) -> Iterator[Answer]:
    if home.archived and rule.writes and not rule.personal:
        yield no("the repository is archived", "unarchive it in its settings")
    if can is Can.FORK and home.forkable is False:
        yield no("forking is off in the repository's settings")
    if can is Can.CHOOSE_MERGE_METHOD:
        yield _of_methods(home.methods)


def _of_methods(methods: frozenset[MergeMethod] | None) -> Answer:
    if methods is None:
        return unknown("the repository's settings are not known yet", "probe()")
    return Answer(state=AnswerState.YES, reason=f"its settings allow {allowed(methods)}")


def allowed(methods: frozenset[MergeMethod]) -> str:
    """The methods in words."""
    return " and ".join(each.value for each in MergeMethod if each in methods) or "no method at all"
