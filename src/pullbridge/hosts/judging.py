"""From findings to an answer, the same on every host. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pullbridge.auth.scopes.table import Need, Never, Vocabulary
from pullbridge.capabilities import YES, Answer, AnswerState, no, unknown

ANONYMOUS = no("nobody is signed in", "sign in, or give a token", sign_in=True)
NOT_ASKED = unknown("not asked yet", "probe()")
#: The remedy where a credential does not tell what it was granted.
TRY = "try; a refusal names what is missing"


def never(why: Never) -> Answer:
    """The answer where the host has no such thing."""
    return no(why.reason, why.instead)


def lacks(who: str, needed: Sequence[str], granted: Sequence[str], link: str = "and") -> Answer:
    """The answer where `who` was granted too little: all of `needed` is missing, or, linked by "or", any of it."""
    names, has = f" {link} ".join(needed), ", ".join(granted) or "no scope at all"
    return no(
        f"{who} lacks {names} (it has {has})", f"grant it {names if link == 'and' else needed[0]}", needed=tuple(needed)
    )


def of_granted(who: str, words: Vocabulary, need: Need, granted: Sequence[str]) -> Iterator[Answer]:
    """A no where `who` was granted too little; where less may be enough, and was granted, nobody knows."""
    lacking = words.lacking(need, granted)
    if lacking and need.perhaps and words.held(granted).issuperset(need.perhaps):
        names, has = " and ".join(lacking), " and ".join(need.perhaps)
        yield unknown(f"it may take {names}, and {who} has {has}", TRY)
    elif lacking:
        yield lacks(who, lacking, granted)


def weighed(findings: Iterable[Answer]) -> Answer:
    """A no outweighs an unknown, and an unknown a yes; of equals the first. Without any it is a plain yes."""
    best = YES
    for found in findings:
        if found.state is AnswerState.NO:
            return found
        if best.state is AnswerState.YES:
            best = found
    return best
