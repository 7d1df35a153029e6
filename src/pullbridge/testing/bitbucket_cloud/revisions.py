r"""How addresses name commits: one by a branch, a tag or a hash of seven digits and more, and two as a spec.

A spec is `source..destination`, the other way round than git's, or `source\rdestination`, as Bitbucket's own links have
it; before each a repository may stand (`octo/app:1a2b3c4`), because a fork's commits are not in what it was made from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullbridge.testing.bitbucket_cloud.asking import Ask
from pullbridge.testing.bitbucket_cloud.errors import forbidden, no_commit, not_found
from pullbridge.testing.git import EMPTY_TREE
from pullbridge.testing.store import Repository, Role


@dataclass(frozen=True)
class Spec:
    """Two commits; `destination` is what the `source` is compared with. `single` says that only the one was named."""

    text: str
    source: str
    source_repository: Repository
    destination: str
    single: bool

    def start(self, *, topic: bool) -> str:
        """What a diff starts at: with `topic` where the source left the destination."""
        if self.single or not topic:
            return self.destination
        return self.source_repository.git.merge_base(self.source, self.destination) or self.destination


def commit(repository: Repository, name: str, *, foreign: bool = False) -> str:
    """The commit of a name; 404 when a repository has none. `foreign` ones are those of its pull requests from forks."""
    sha = repository.git.resolve(name)
    if sha is None or (not foreign and _is_foreign(repository, sha)):
        raise no_commit(name)
    return sha


def _is_foreign(repository: Repository, sha: str) -> bool:
    """Whether a commit is only known because a fork, with which a repository shares its objects, has it."""
    git = repository.git
    for pull in repository.pulls.values():
        if pull.cross_repository and any(sha == each.sha for each in git.between(pull.base, pull.head)):
            return not any(git.merge_base(sha, tip) == sha for tip in git.branches().values())
    return False


def spec(ask: Ask, text: str) -> Spec:
    """The commits of a spec."""
    parts = re.split(r"\.\.|\r", text)
    if len(parts) > 2 or not all(parts):
        raise not_found(f"Invalid spec: {text}")
    foreign = "from_pullrequest_id" in ask.request.args
    home, source = _one(ask, parts[0], foreign=foreign)
    if len(parts) == 1:
        parents = home.git.commit(source).parents
        return Spec(text, source, home, parents[0] if parents else EMPTY_TREE, single=True)
    return Spec(text, source, home, _one(ask, parts[1], foreign=foreign)[1], single=False)


def _one(ask: Ask, text: str, *, foreign: bool) -> tuple[Repository, str]:
    path, colon, name = text.rpartition(":")
    if not colon:
        return ask.repository, commit(ask.repository, name, foreign=foreign)
    workspace, _, slug = path.partition("/")
    found = ask.app.find_repository(workspace, slug)
    # whoever may see a pull request may see what it changes, wherever it comes from
    if found is None or (ask.app.role(ask.token, found) < Role.READ and not foreign):
        raise forbidden(f"You do not have access to {path}")
    return found, commit(found, name, foreign=foreign)
