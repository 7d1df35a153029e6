"""From findings to an answer, the same on every host. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.capabilities import YES, Answer, AnswerState, no, unknown

ANONYMOUS = no("nobody is signed in", "sign in, or give a token", sign_in=True)
NOT_ASKED = unknown("not asked yet", "probe()")
#: The remedy where a credential does not tell what it was granted.
TRY = "try; a refusal names what is missing"


def weighed(findings: Iterable[Answer]) -> Answer:
    """A no outweighs an unknown, and an unknown a yes; of equals the first. Without any it is a plain yes."""
    best = YES
    for found in findings:
        if found.state is AnswerState.NO:
            return found
        if best.state is AnswerState.YES:
            best = found
    return best
