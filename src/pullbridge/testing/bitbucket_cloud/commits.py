"""Commits: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud import revisions
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import not_found
from pullbridge.testing.bitbucket_cloud.pulls import PULL, listed
from pullbridge.testing.git import Commit

_REPOSITORY = "/repositories/<workspace>/<slug>"


def get(ask: Ask) -> Answer:
    """GET commit/{commit}."""
    sha = revisions.commit(ask.repository, str(ask.values["commit"]))
    return Answer(payload=_shape(ask, ask.repository.git.commit(sha)))


def _shape(ask: Ask, commit: Commit) -> dict[str, Any]:
    return ask.shapes.commit(ask.repository, commit)


def history(ask: Ask) -> Answer:
    """GET and POST commits, and commits/{revision}: what `include` reaches and `exclude` does not, the newest first."""
    args = ask.request.values
    named, git = ask.values.get("revision"), ask.repository.git
    included = [*([str(named)] if named else []), *args.getlist("include")]
    tips = [revisions.commit(ask.repository, name) for name in included] or sorted(set(git.branches().values()))
    without = [f"^{revisions.commit(ask.repository, name)}" for name in args.getlist("exclude")]
    paths = [f":(literal){args['path']}"] if args.get("path") else []
    listed_shas = git.run("rev-list", "--topo-order", *tips, *without, "--", *paths).decode().split()
    return ask.paged(
        listed_shas,
        lambda sha: _shape(ask, git.commit(sha)),
        usual=30,
        counted=False,
        hidden=("rendered.message.html",),
    )


def of_pull(ask: Ask) -> Answer:
    """GET pullrequests/{id}/commits, the newest first. 404 when the fork is gone that they were in."""
    pull = ask.pull
    if pull.source.deleted:
        raise not_found("The source repository of this pull request no longer exists.")
    commits = list(reversed(ask.store.pulls.commits(pull)))
    return ask.paged(
        commits,
        lambda commit: ask.shapes.commit(pull.source, commit),
        counted=False,
    )


def pulls_of(ask: Ask) -> Answer:
    """GET commit/{commit}/pullrequests. It must have been indexed first: 202 until then, without any."""
    sha = revisions.commit(ask.repository, str(ask.values["commit"]), foreign=True)
    if ask.knobs.meets("indexing_reads"):
        return listed(ask, [], status=202)
    known = ask.store.pulls
    found = [
        pull
        for pull in ask.repository.pulls.values()
        if pull.merge_commit == sha or any(each.sha == sha for each in known.commits(pull))
    ]
    return listed(ask, found)


def merge_base(ask: Ask) -> Answer:
    """GET merge-base/{a..b}."""
    spec = revisions.spec(ask, str(ask.values["spec"]))
    base = None if spec.single else spec.source_repository.git.merge_base(spec.source, spec.destination)
    if base is None:
        raise not_found(f"No merge base: {spec.text}")
    return Answer(payload=_shape(ask, ask.repository.git.commit(base)))


ROUTES = (
    Route(method="GET", rule=f"{_REPOSITORY}/commit/<commit>", answer=get),
    Route(method="GET", rule=f"{_REPOSITORY}/commit/<commit>/pullrequests", answer=pulls_of, scope="pullrequest"),
    Route(method="GET", rule=f"{_REPOSITORY}/commits", answer=history),
    Route(method="POST", rule=f"{_REPOSITORY}/commits", answer=history, json=False),
    Route(method="GET", rule=f"{_REPOSITORY}/commits/<path:revision>", answer=history),
    Route(method="POST", rule=f"{_REPOSITORY}/commits/<path:revision>", answer=history, json=False),
    Route(method="GET", rule=f"{PULL}/commits", answer=of_pull, scope="pullrequest"),
    Route(method="GET", rule=f"{_REPOSITORY}/merge-base/<path:spec>", answer=merge_base),
)
