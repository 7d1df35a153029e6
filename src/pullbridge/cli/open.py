"""`pullbridge open`: a pull request from the current branch, or from any."""

from __future__ import annotations

import re
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pullbridge import Can, RepoRef, same_commit
from pullbridge.capabilities import AnswerState
from pullbridge.cli import pulls, screen, texts
from pullbridge.cli.address import ApiUrl, AsJson, Kind, RepositoryAddress, place, repository_for
from pullbridge.local import checkout
from pullbridge.local.checkout import Checkout

if TYPE_CHECKING:
    from pullbridge import Pull, Repository


class IfExists(Enum):
    """What to do when the branch has an open pull request already."""

    RAISE = "raise"
    RETURN = "return"


Title = Annotated[str | None, typer.Option(help="The title.", show_default="the last commit's")]
Body = Annotated[
    str | None,
    typer.Option(
        help="The description, in Markdown; '-' reads standard input.",
        show_default="the last commit's, else the repository's template",
    ),
]
Source = Annotated[str | None, typer.Option(help="The branch with the changes.", show_default="the current one")]
Target = Annotated[str | None, typer.Option(help="The branch that they go into.", show_default="the default branch")]
Draft = Annotated[bool, typer.Option("--draft", metavar="", help="Open it as a draft.")]
Reviewers = Annotated[
    list[str], typer.Option("--reviewer", help="Whom to ask for a review; may be given more than once.")
]
Labels = Annotated[list[str], typer.Option("--label", help="A label to set; may be given more than once.")]
Fill = Annotated[
    bool,
    typer.Option(
        "--fill", metavar="", help="Take title and description from all of the branch's commits, not only the last."
    ),
]
Exists = Annotated[
    IfExists, typer.Option(help="Whether an open pull request from that branch is an error, or what is given back.")
]


def open_pull(
    repo: RepositoryAddress = ".",
    *,
    title: Title = None,
    body: Body = None,
    source: Source = None,
    target: Target = None,
    draft: Draft = False,
    reviewer: Reviewers = [],  # noqa: B006  typer reads it and never writes to it
    label: Labels = [],  # noqa: B006  as above
    fill: Fill = False,
    if_exists: Exists = IfExists.RAISE,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Open a pull request. The branch must have been pushed: nothing in the checkout is changed, and nothing pushed.

    Of a checkout, what is not said is taken from its branch and commits. Without one, say --source and --title. A
    description that would be empty is the repository's template.
    """
    text = None if body is None else texts.read(body)
    with texts.kept(text or ""):
        found = place(repo, "REPO")
        here = found if isinstance(found, Checkout) else None
        branch = _branch(here, source)
        ref = found if isinstance(found, RepoRef) else found.repository
        with screen.busy("Opening"), repository_for(ref, kind, api_url) as repository:
            into = target or repository.branches.default().name
            words = _words(here if source is None else None, into, fill=fill)
            opened = repository.pulls.create(
                title=title or words.title or _needed("--title"),
                source=branch,
                target=into,
                body=text if text is not None else words.body or _template(repository),
                draft=draft,
                reviewers=reviewer,
                labels=label,
                source_repository=here.fork if here and source is None else None,
                if_exists=if_exists.value,
            )
    pulls.tell(opened, as_json=as_json)
    if here is not None and source is None:
        _warn(here, opened)


class _Words(NamedTuple):
    title: str = ""
    body: str = ""


def _branch(here: Checkout | None, source: str | None) -> str:
    return source or (here.published if here is not None else None) or _needed("--source")


def _needed(option: str) -> str:
    raise typer.BadParameter(f"only a checkout's branch and commits tell it; say {option} here.", param_hint=option)


def _words(here: Checkout | None, target: str, *, fill: bool) -> _Words:
    """The only commit's own words, or with `fill` what several have in common: the branch, and their titles."""
    made = checkout.commits(here, target) if here is not None else ()
    if not made:
        return _Words()
    if fill and len(made) > 1 and here is not None:
        return _Words(_humane(here.branch or ""), "\n".join(f"- {commit.title}" for commit in made))
    last = made[-1]
    return _Words(last.title, last.message.strip().partition("\n\n")[2].strip())


def _humane(branch: str) -> str:
    """`fix/edge-cases` as `Fix edge cases`."""
    words = " ".join(re.split(r"[-_/\s]+", branch)).strip()
    return words[:1].upper() + words[1:]


def _template(repository: Repository) -> str:
    """The repository's text for new pull requests: the only one, or of several the one that hosts take by default."""
    if repository.can[Can.TEMPLATES].state is AnswerState.NO:
        return ""
    offered = repository.pulls.templates()
    usual = [each for each in offered if each.name.lower().startswith("pull_request_template")]
    chosen = usual or (offered if len(offered) == 1 else ())
    return chosen[0].body if chosen else ""


def _warn(here: Checkout, opened: Pull) -> None:
    if here.head and opened.source.commit and not same_commit(here.head, opened.source.commit):
        told = f"Its head is {opened.source.commit[:12]}, not {here.head[:12]} as here: is everything pushed?"
        screen.console(sys.stderr).print(told, soft_wrap=True)
