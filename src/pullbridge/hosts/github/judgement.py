"""From what is known to an answer for each ability: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pullbridge.auth.scopes.github import PULLS_READ, TABLE
from pullbridge.auth.scopes.table import NOTHING, VISIBILITIES, Need, Vocabulary, takes
from pullbridge.capabilities import Answer, AnswerState, Can, Capabilities, no, unknown
from pullbridge.hosts.github.abilities import RULES, Role, Rule
from pullbridge.hosts.github.gating import Field
from pullbridge.hosts.github.tokens import TokenKind
from pullbridge.hosts.judging import ANONYMOUS, NOT_ASKED, TRY, lacks, weighed
from pullbridge.model.merge import MergeMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What is known of the connection. `answered`: something was answered to this credential."""

    account: str
    kind: TokenKind
    granted: tuple[str, ...] | None = None
    answered: bool = False
    enterprise: bool | None = None
    server: str = "GitHub"
    missing: frozenset[Field] = frozenset()
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What is known of the repository. `pulls_read` and `checks_refused`: what its answers have shown of the credential."""

    seen: bool = False
    permission: str | None = None
    private: bool | None = None
    archived: bool | None = None
    methods: frozenset[MergeMethod] | None = None
    auto_merge: bool | None = None
    pulls_read: bool = False
    checks_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is known of one pull request. `told` is what GitHub itself says that the viewer can do with it."""

    state: str
    author: bool | None = None
    draft: bool | None = None
    locked: bool | None = None
    queue: bool | None = None
    told: Mapping[Can, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known. `home` is `None` where the whole host is asked, `own` where no pull request is."""

    connected: Connected
    home: Home | None = None
    own: Own | None = None


_UNSIGNED = no("GitHub's GraphQL is for the signed-in only", "sign in, or give a token", sign_in=True)

#: What is only done to a pull request that is open.
_OPEN = frozenset(
    {
        Can.MERGE,
        Can.AUTO_MERGE,
        Can.MERGE_QUEUE,
        Can.MERGE_STACKED,
        Can.UPDATE_BRANCH,
        Can.CLOSE,
        Can.DRAFTS,
        Can.RETARGET,
    }
)
_SPEECH = frozenset(
    {
        Can.COMMENT,
        Can.COMMENT_INLINE,
        Can.COMMENT_OLD_SIDE,
        Can.COMMENT_RANGE,
        Can.COMMENT_FILE,
        Can.COMMENT_OLD_COMMIT,
        Can.REPLY,
        Can.SUGGEST,
        Can.REACT,
    }
)
_WHY_NOT = {
    Can.AUTO_MERGE: "it can be merged already, or waits already, or your role does not allow it",
    Can.UPDATE_BRANCH: "it is up to date, or you may not write to its source branch",
    Can.APPLY_SUGGESTION: "you may not write to its source branch",
}


def capabilities(facts: Facts) -> Capabilities:
    """All answers."""
    return Capabilities({can: judged(can, facts) for can in Can}, granted=facts.connected.granted)


def judged(can: Can, facts: Facts) -> Answer:
    """One answer."""
    rule = RULES[can]
    if rule.answer is not None:
        return rule.answer
    return weighed(_findings(can, rule, facts))


def _findings(can: Can, rule: Rule, facts: Facts) -> Iterator[Answer]:
    """Everything that speaks against a plain yes, and a yes that has something to add."""
    told = facts.own.told.get(can) if facts.own is not None else None
    yield from _of_server(can, rule, facts.connected)
    yield from _of_credential(can, rule, facts)
    if facts.own is not None:
        yield from _of_pull(can, facts.own, facts.home or Home())
        if told is False:
            yield no(_WHY_NOT.get(can, "GitHub says that you may not do it here"))
    if rule.everywhere:
        yield from () if facts.connected.answered or can is Can.RATE_BUDGET else (NOT_ASKED,)
        return
    if facts.home is None:
        yield unknown("it depends on the repository", "repository(path).probe()")
        return
    yield from () if facts.home.seen else (NOT_ASKED,)
    yield from _of_role(rule, facts.home, facts.own, allowed=told is True)
    yield from _of_settings(can, rule, facts.home, facts.own)


def _of_server(can: Can, rule: Rule, connected: Connected) -> Iterator[Answer]:
    lost = [".".join(each) for each in rule.fields if each in connected.missing]
    if lost:
        yield no(f"{connected.server} has no {', '.join(lost)}", "upgrade the server")
    if can is Can.MERGE_STACKED and connected.enterprise is not False:
        # The operation `pulls/merge-async` is in the description of github.com, and in none of 3.17 to 3.19.
        reason = f"{connected.server} has no stacked pull requests, and no merge in the background"
        yield no(reason, "merge them one by one") if connected.enterprise else NOT_ASKED
    if can is Can.RATE_BUDGET and not connected.limited and connected.enterprise is not False:
        # https://docs.github.com/en/enterprise-server@3.19/admin/configuring-settings/configuring-user-applications-for-your-enterprise/configuring-rate-limits
        yield unknown("an Enterprise Server limits only where its administrators have turned that on")
    if can is Can.WHOAMI and connected.kind is TokenKind.INSTALLATION:
        yield no("an app's installation is nobody", "use a token of a person")


def _of_credential(can: Can, rule: Rule, facts: Facts) -> Iterator[Answer]:
    connected, home = facts.connected, facts.home or Home()
    if connected.kind is TokenKind.NONE:
        if rule.writes or rule.graphql:
            yield ANONYMOUS if rule.writes else _UNSIGNED
        return
    words = TABLE.kinds[connected.kind.credential]
    if connected.granted is not None:
        yield from _of_granted(can, rule, words, connected.granted, None if rule.everywhere else home.private)
    elif not connected.kind.has_scopes:
        yield from _of_permissions(words.need(can, "public" if home.private is False else "private"), connected, home)
    elif rule.writes:
        tells = connected.kind is TokenKind.CLASSIC or not connected.answered
        why = "what the token was granted is not known yet" if tells else "this token does not tell what it was granted"
        yield unknown(why, "probe()" if tells else TRY)


def _of_permissions(need: Need, connected: Connected, home: Home) -> Iterator[Answer]:
    """Unknown, unless it takes none, or the credential has shown that it has it."""
    if need == NOTHING or (home.pulls_read and need == takes(PULLS_READ)):
        return
    needs = " and ".join(need.any_of[0]) if need.any_of else ""
    why = f"it needs {needs}, and {connected.kind.value} does not tell what it was granted" if needs else need.why_not
    yield unknown(why, TRY)


def _of_granted(
    can: Can, rule: Rule, words: Vocabulary, granted: tuple[str, ...], private: bool | None
) -> Iterator[Answer]:
    """What is public takes less, and where it is not known which it is, less may be enough."""
    need = words.need(can, "private" if private else "public")
    if not need.any_of:
        yield unknown(need.why_not, TRY)
    in_private, in_public = (words.lacking(words.need(can, each), granted) for each in VISIBILITIES)
    lacking = in_private if private else in_public
    if lacking:
        either = private is None and in_private != in_public
        needed = tuple(dict.fromkeys((*in_private, *in_public))) if either else lacking
        yield lacks("the token", needed, granted, "or" if either else "and")
    elif in_private and private is None and rule.everywhere:
        reason = f"of what is public only: the token lacks {' and '.join(in_private)}"
        yield Answer(state=AnswerState.YES, reason=reason, remedy=f"grant it {' and '.join(in_private)}")
    elif in_private and private is None:
        yield unknown("the token reaches public repositories only", "probe()")


def _of_pull(can: Can, own: Own, home: Home) -> Iterator[Answer]:
    state = own.state.lower()
    if can in _OPEN and state != "open":
        yield no(f"it is {state}")
    if can is Can.REOPEN and state != "closed":
        yield no(f"it is {state}")
    if can in {Can.APPROVE, Can.REQUEST_CHANGES} and own.author:
        yield no("GitHub takes no verdict on one's own pull request", "comment instead")
    if can in {Can.MERGE, Can.MERGE_QUEUE, Can.MERGE_STACKED} and own.draft:
        yield no("it is a draft", "mark it ready for review first")
    if can in _SPEECH and own.locked and home.permission is not None and _role(home) < Role.WRITE:
        yield no("its conversation is locked", "ask somebody with the role write to unlock it")


def _role(home: Home) -> Role:
    return Role.__members__.get(home.permission or "", Role.READ)


def _of_role(rule: Rule, home: Home, own: Own | None, *, allowed: bool) -> Iterator[Answer]:
    if not rule.writes or rule.role is Role.READ or allowed:
        return
    wanted, word = rule.role.name.lower(), _role(home).name.lower()
    if home.permission is None:
        yield unknown("your role in this repository is not known yet", "probe()")
    elif _role(home) < rule.role:
        author = own.author if own is not None else None
        if rule.author and author is None:
            yield unknown(f"your role is {word}: only with what is your own", "the panel of a pull request tells")
        elif not (rule.author and author):
            yield no(f"your role in this repository is {word}", f"ask for the role {wanted}")


def _of_settings(can: Can, rule: Rule, home: Home, own: Own | None) -> Iterator[Answer]:
    if home.archived and rule.writes and not rule.personal:
        yield no("the repository is archived", "unarchive it in its settings")
    if can in {Can.CHECKS, Can.REQUIRED_CHECKS} and home.checks_refused:
        yield no(
            "this credential may not read check runs",
            "use a classic token with repo, or a GitHub App with checks:read; fine-grained tokens cannot",
        )
    if can is Can.AUTO_MERGE and home.auto_merge is not True:
        off = no("auto-merge is off in the repository's settings", "turn it on there, or merge when it is ready")
        yield off if home.auto_merge is False else unknown("the repository's settings are not known yet", "probe()")
    if can is Can.CHOOSE_MERGE_METHOD:
        yield _of_methods(home.methods)
    if can is Can.MERGE_QUEUE and (own is None or not own.queue):
        none = own is not None and own.queue is False
        yield (
            no("the target branch has no merge queue")
            if none
            else unknown("one branch has a merge queue, another has none", "the panel of a pull request tells")
        )


def _of_methods(methods: frozenset[MergeMethod] | None) -> Answer:
    if methods is None:
        return unknown("the repository's settings are not known yet", "probe()")
    return Answer(state=AnswerState.YES, reason=f"its settings allow {allowed(methods)}")


def allowed(methods: frozenset[MergeMethod]) -> str:
    """The methods in words, in GitHub's order."""
    return " and ".join(each.value for each in MergeMethod if each in methods) or "no method at all"
