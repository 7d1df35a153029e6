"""What there is on the stage before a page begins, for the pages that take it for granted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.documents.stage import CLOUD, DATA_CENTER, GITHUB, GITLAB, Stage

from pullbridge.testing import RepositoryHandle

LINES = [f"line {n}\n" for n in range(1, 101)]
#: Lines 10 and 11 are others.
EDGED = "".join([*LINES[:9], "a\n", "b\n", *LINES[11:]])


def edge(stage: Stage, address: str = GITHUB) -> RepositoryHandle:
    """A repository with a branch that changes two lines."""
    app: RepositoryHandle = stage.host(address).repository("octo/app", {"src/edge.py": "".join(LINES)})
    app.commit("fix/edge", {"src/edge.py": EDGED}, message="Fix it")
    return app


def grace_changed_the_edge(stage: Stage, address: str = GITHUB, reviewer: str = "") -> None:
    """A pull request of somebody else's for it."""
    edge(stage, address)
    if reviewer:
        stage.host(address).user(reviewer)
    with stage.as_("grace", address=address) as repo:
        repo.pulls.create(title="Fix it", source="fix/edge", target="main", reviewers=[reviewer] if reviewer else [])


def a_bot(stage: Stage) -> None:
    """A GitHub App is installed for a repository with a pull request, and its key lies in the folder."""
    grace_changed_the_edge(stage)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    Path("review-bot.private-key.pem").write_bytes(private)
    told = serialization.PublicFormat.SubjectPublicKeyInfo
    public = key.public_key().public_bytes(serialization.Encoding.PEM, told).decode()
    may = {"pull_requests": "write", "contents": "read", "checks": "read", "statuses": "read"}
    stage.github.install("Iv23liReviewBot", public, account="octo", permissions=may, slug="review-bot", number=4711)


def on(*addresses: str) -> Callable[[Stage], None]:
    """The same on several hosts."""

    def scene(stage: Stage) -> None:
        for address in addresses:
            grace_changed_the_edge(stage, address)

    return scene


def on_all_for_ada(stage: Stage) -> None:
    """The same on all hosts, where the reader is asked to review it."""
    for address in (GITHUB, GITLAB, CLOUD, DATA_CENTER):
        grace_changed_the_edge(stage, address, reviewer="ada")


def stale(stage: Stage) -> None:
    """Two pull requests that nobody has touched for long, and one of today."""
    with stage.days_ago(120):
        app = stage.github.repository("octo/app", {"a.txt": "one\n"})
        stage.pull(app, "parser", {"p.txt": "new\n"}, by="grace", title="Use the new parser")
    with stage.days_ago(45):
        stage.pull(app, "drop", {"d.txt": "new\n"}, by="ada", title="Drop Python 3.8")
    stage.pull(app, "today", {"t.txt": "new\n"}, by="ada", title="Begin something")


def green(stage: Stage) -> None:
    """One that is ready, one whose checks fail, one with conflicts."""
    app = stage.github.repository("octo/app", {"a.txt": "one\n", "b.txt": "one\n"})
    app.settings(allow_auto_merge=True)
    for branch, files, state in (
        ("ready", {"c.txt": "new\n"}, "success"),
        ("red", {"d.txt": "new\n"}, "failure"),
        ("torn", {"a.txt": "other\n"}, "success"),
    ):
        app.commit(branch, files)
        app.check(app.head(branch), "tests", state)
        with stage.as_("grace") as repo:
            repo.pulls.create(title=branch, source=branch, target="main", labels=["automerge"])
    app.commit("main", {"a.txt": "two\n"})
    app.require(checks=("tests",))
    red_on_data_center(stage)


def red_on_data_center(stage: Stage) -> None:
    """One whose build failed, which a rule wants to succeed."""
    app = stage.host(DATA_CENTER).repository("octo/app", {"a.txt": "one\n"})
    app.commit("red", {"d.txt": "new\n"})
    app.check(app.head("red"), "tests", "failure")
    app.require(checks=("tests",))
    with stage.as_("grace", address=DATA_CENTER) as repo:
        repo.pulls.create(title="red", source="red", target="main")


def many(stage: Stage) -> None:
    """Repositories on five hosts, with pull requests of and for ada."""
    app, lib = (stage.github.repository(f"octo/{name}", {"a.txt": "one\n"}) for name in ("app", "lib"))
    tool = stage.server.repository("team/tool", {"a.txt": "one\n"})
    for days, (place, title, author, reviewer) in enumerate(
        (
            (lib, "Test it", "ada", "grace"),
            (lib, "Use it", "grace", "ada"),
            (app, "Fix it", "ada", "grace"),
            (tool, "Sharpen it", "linus", "ada"),
        )
    ):
        with stage.days_ago(10 - days):
            branch = title.partition(" ")[0].lower()
            stage.pull(place, branch, {"a.txt": title}, by=author, title=title, reviewer=reviewer)
    for address in (GITLAB, CLOUD, DATA_CENTER):
        grace_changed_the_edge(stage, address, reviewer="ada")


def acme(stage: Stage) -> None:
    """The package that the page writes, as pip would have installed it."""
    stage.install("pullbridge_acme", "[pullbridge.hosts]\nacme = page:PROVIDER\n")


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "README.md": edge,
    "docs/adding-a-host.md": acme,
    "docs/explanation/same-words.md": on_all_for_ada,
    "docs/how-to/comment-on-lines.md": grace_changed_the_edge,
    "docs/how-to/credentials.md": on(GITHUB, CLOUD),
    "docs/how-to/least-scopes.md": on(GITHUB),
    "docs/how-to/many-repositories.md": many,
    "docs/how-to/merge-what-is-green.md": green,
    "docs/how-to/native.md": on(GITHUB, GITLAB, CLOUD, DATA_CENTER),
    "docs/how-to/pending-review.md": on(GITHUB, CLOUD),
    "docs/how-to/rate-limits.md": grace_changed_the_edge,
    "docs/how-to/review-bot.md": grace_changed_the_edge,
    "docs/how-to/sign-in.md": a_bot,
    "docs/how-to/stale-pulls.md": stale,
    "docs/how-to/suggestions.md": grace_changed_the_edge,
}
