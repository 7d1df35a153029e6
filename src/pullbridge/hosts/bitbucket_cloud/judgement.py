"""From what is known to an answer for each ability: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pullbridge.auth.scopes.bitbucket_cloud import TABLE
from pullbridge.capabilities import Answer, AnswerState, Can, Capabilities, no, unknown
from pullbridge.hosts.bitbucket_cloud.abilities import RULES, Right, Rule
from pullbridge.hosts.bitbucket_cloud.tokens import TokenKind
from pullbridge.hosts.judging import ANONYMOUS, NOT_ASKED, TRY, of_granted, weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What is known of the connection. `answered`: something was answered to this credential; `granted` are scopes."""

    account: str
    kind: TokenKind
    granted: tuple[str, ...] | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What is known of the repository. `right` is mine; `untold`: it was asked for, and is not told this credential."""

    seen: bool = False
    right: Right | None = None
    untold: bool = False
    private: bool | None = None
    forkable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is known of one pull request. `state` is Bitbucket's word."""

    state: str
    author: bool | None = None
    draft: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known. `home` is `None` where the whole host is asked, `own` where no pull request is."""

    connected: Connected
    home: Home | None = None
    own: Own | None = None


#: "Only open pull requests can be mutated."
_OPEN = frozenset(
    {
        Can.EDIT,
        Can.RETARGET,
        Can.DRAFTS,
        Can.CLOSE,
        Can.MERGE,
        Can.CHOOSE_MERGE_METHOD,
        Can.DELETE_SOURCE,
        Can.REVIEWERS,
        Can.APPROVE,
        Can.REQUEST_CHANGES,
        Can.WITHDRAW,
    }
)


def capabilities(facts: Facts) -> Capabilities:
    """All answers."""
    return Capabilities({can: judged(can, facts) for can in Can}, granted=facts.connected.granted)


def judged(can: Can, facts: Facts) -> Answer:
    """One answer."""
    rule = RULES[can]
    if rule.answer is not None:
        return rule.answer
    found = weighed(_findings(can, rule, facts))
    plain = found.state is AnswerState.YES and rule.note
    return Answer(state=AnswerState.YES, reason=rule.note) if plain else found


def _findings(can: Can, rule: Rule, facts: Facts) -> Iterator[Answer]:
    """Everything that speaks against a plain yes."""
    connected, home, own = facts.connected, facts.home, facts.own
    yield from (unknown(rule.doubt, "try"),) if rule.doubt else ()
    yield from _of_credential(can, rule, connected)
    if own is not None:
        yield from _of_pull(can, own)
    if rule.everywhere:
        yield from () if connected.answered else (NOT_ASKED,)
        return
    if home is None:
        yield unknown("it depends on the repository", "repository(path).probe()")
        return
    yield from () if home.seen else (NOT_ASKED,)
    yield from _of_right(rule, home, own)
    if can is Can.FORK and home.forkable is False:
        yield no("forking is off in the repository's settings")


def _of_credential(can: Can, rule: Rule, connected: Connected) -> Iterator[Answer]:
    if connected.kind is TokenKind.NONE:
        if rule.writes or rule.person or rule.right > Right.READ:
            yield ANONYMOUS
        return
    if connected.granted is None:
        if rule.writes or rule.person:
            known = connected.answered
            why = "the credential does not tell what it was granted" if known else "what was granted is not known yet"
            yield unknown(why, TRY if known else "probe()")
    else:
        words = TABLE.kinds[connected.kind.credential]
        yield from of_granted("the credential", words, words.need(can, "private"), connected.granted)
    if rule.person and connected.kind is TokenKind.ACCESS:
        yield unknown("an access token is of no person, and may not be told who it acts as", TRY)


def _of_pull(can: Can, own: Own) -> Iterator[Answer]:
    if can in _OPEN and own.state != "OPEN":
        yield no(f"it is {own.state.lower()}")
    if can is Can.MERGE and own.draft:
        yield no("it is a draft", "mark it ready for review first")


def _of_right(rule: Rule, home: Home, own: Own | None) -> Iterator[Answer]:
    """A right that a group gives is told, too; one in a public repository that nobody has given is not."""
    if rule.right <= Right.READ or (home.right is not None and home.right >= rule.right):
        return
    author = own.author if own is not None else None
    if rule.author and author:
        return
    if home.right is None:
        yield unknown("your right in this repository is not known yet", TRY if home.untold else "probe()")
    elif rule.author and author is None:
        yield unknown(
            f"with the right to {home.right.word} only with what is your own", "the panel of a pull request tells"
        )
    else:
        yield no(
            f"it takes the right to {rule.right.word}, and yours is {home.right.word}", "ask an administrator for it"
        )
