"""`docs/reference/capabilities.md`: what each host answers to each `Can`, with the reason for every no and unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pullbridge.capabilities import Answer, AnswerState, Can, Capabilities, Limits
from tools.docgen.hosts import Standing, standings
from tools.docgen.markdown import name, page, table

#: What belongs together. A name that is in no group stands in the last table.
GROUPS: Mapping[str, str] = {
    "Pull requests": """
        READ WHOAMI CREATE DRAFTS EDIT RETARGET CLOSE REOPEN DELETE_PULL MERGE CHOOSE_MERGE_METHOD HEAD_GUARD AUTO_MERGE
        MERGE_QUEUE MERGE_STACKED UPDATE_BRANCH DELETE_SOURCE CROSS_FORK FIND_BY_COMMIT SEARCH INBOX_AUTHOR INBOX_REVIEWER
        INBOX_ASSIGNEE TIMELINE TEMPLATES LOCK SUBSCRIBE""",
    "Files": "FILES DIFF CONTENT COMPARE VIEWED_FILES",
    "Comments": """
        COMMENT COMMENT_INLINE COMMENT_OLD_SIDE COMMENT_RANGE COMMENT_FILE COMMENT_OUTSIDE_HUNKS COMMENT_OLD_COMMIT REPLY
        EDIT_COMMENT DELETE_COMMENT RESOLVE REACT SUGGEST APPLY_SUGGESTION""",
    "Reviews": "APPROVE WITHDRAW REQUEST_CHANGES DISMISS PENDING_REVIEW BATCH_REVIEW REQUIRED_APPROVALS",
    "People and labels": "REVIEWERS TEAM_REVIEWERS ASSIGNEES LABELS MILESTONES",
    "Checks": "CHECKS REQUIRED_CHECKS REPORT_CHECK",
    "Branches": "BRANCHES DELETE_BRANCH FORKS FORK",
    "And": "TASKS RATE_BUDGET WEBHOOKS",
}

_TOP = """\
What `repo.can[Can.X]` answers to the owner of a public repository, with a token that has all rights (on GitHub a classic
one with the scope `repo`, on GitLab one with the scope `api` in a paid group, on Bitbucket Cloud one of OAuth with the
scopes `account`, `pullrequest:write`, `repository:write` and `repository:admin`), after `repo.probe()`. A *no* keeps a verb from being sent; an *unknown* does not. `-` leads to
the reason."""


def groups() -> dict[str, tuple[Can, ...]]:
    """Every ability once, in the order of the page."""
    found = {title: tuple(Can[each] for each in names.split()) for title, names in GROUPS.items()}
    placed = {can for each in found.values() for can in each}
    rest = tuple(can for can in Can if can not in placed)
    return {**found, **({"More": rest} if rest else {})}


def capabilities() -> str:
    """Write the page."""
    every = standings()
    answers = {one.host: one.full() for one in every}
    return page(
        "Capabilities",
        _TOP,
        *_tables(answers),
        "## Reasons",
        *_reasons(answers),
        *(part for one in every for part in _less(one, answers[one.host])),
        "## Limits",
        "`repo.limits`; `-` is a bound that the host does not have or does not say. Sizes are characters.",
        _limits(every),
    )


def _tables(answers: Mapping[str, Capabilities]) -> Iterator[str]:
    for title, abilities in groups().items():
        yield f"## {title}"
        yield table(
            ["ability", *answers],
            [[name(can.name), *(_mark(host, can, known[can]) for host, known in answers.items())] for can in abilities],
        )


def _mark(host: str, can: Can, answer: Answer) -> str:
    if answer.state is AnswerState.YES:
        return "yes"
    sign = "-" if answer.state is AnswerState.NO else "?"
    return f"[{sign}](#{_anchor(host, can)})"


def _anchor(host: str, can: Can) -> str:
    """As both a forge and MkDocs make it out of a heading."""
    return f"{can.name} on {host}".lower().replace(" ", "-").replace(".", "")


def _reasons(answers: Mapping[str, Capabilities]) -> Iterator[str]:
    for host, known in answers.items():
        for can in (can for each in groups().values() for can in each):
            if known[can].state is not AnswerState.YES:
                yield f"### {can.name} on {host}"
                yield _sentence(known[can])


def _sentence(answer: Answer) -> str:
    remedy = f" What helps: {answer.remedy}." if answer.remedy else ""
    return f"{answer.state.value.capitalize()}: {answer.reason}.{remedy}"


def _less(one: Standing, full: Capabilities) -> Iterator[str]:
    """What changes in each situation. What most of them want somebody signed in for is named once."""
    yield f"## With less than all rights on {one.host}"
    yield "Other answers are given to others, each with its reason:"
    changes = {title: _changed(known(), full) for title, known in one.others.items()}
    writing = max((set(cans) for each in changes.values() for cans in each.values()), key=len)
    for title, each in changes.items():
        yield f"### {title}"
        yield "\n".join(
            f"- {sentence} For {f'all that is not open to everybody on {one.host}' if set(cans) == writing else _names(cans)}."
            for sentence, cans in each.items()
        )
    yield f"### What is not open to everybody on {one.host}"
    yield f"{_names([can for can in Can if can in writing])}."


def _changed(less: Capabilities, full: Capabilities) -> dict[str, list[Can]]:
    found: dict[str, list[Can]] = {}
    for can in (can for can in Can if less[can] != full[can]):
        found.setdefault(_sentence(less[can]), []).append(can)
    return found


def _names(abilities: Sequence[Can]) -> str:
    return ", ".join(name(can.name) for can in abilities)


def _limits(every: Sequence[Standing]) -> str:
    names = list(Limits.__dataclass_fields__)
    return table(
        ["limit", *(one.host for one in every)],
        [[name(each), *(str(getattr(one.limits, each) or "-") for one in every)] for each in names],
    )
