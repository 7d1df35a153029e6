"""A repository with a pull request that has some of everything, and a shorthand to ask GraphQL about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema
from tests.testing.selecting import selections

from pullbridge.testing.github.graphql import Allowance, execute
from pullbridge.testing.github.graphql.schema import bound_schema
from pullbridge.testing.github.knobs import Knobs
from pullbridge.testing.github.node_ids import commit_node_id, node_id
from pullbridge.testing.store import Place, PullRequest, Repository, Store, Thread, Token, User

WEB = "https://github.test"
TEXT = "".join(f"line {number}\n" for number in range(1, 41))


@dataclass
class Scene:
    """What the tests speak about. `ask` answers as the viewer `bob`, who may write."""

    store: Store
    repository: Repository
    pull: PullRequest
    token: Token
    knobs: Knobs = field(default_factory=Knobs)
    allowance: Allowance | None = None

    def close(self) -> None:
        self.store.close()

    @property
    def schema(self) -> GraphQLSchema:
        return bound_schema()

    @property
    def pull_id(self) -> str:
        return node_id(self.pull)

    def ask(self, document: str, *, token: Token | None = None, **variables: Any) -> dict[str, Any]:
        """The payload of an answer with status 200."""
        reply = execute(
            self.store,
            token or self.token,
            document,
            variables,
            web=WEB,
            knobs=self.knobs,
            allowance=self.allowance,
        )
        assert reply.status == 200
        return reply.payload

    def data(self, document: str, *, token: Token | None = None, **variables: Any) -> Any:
        """The data of an answer without errors."""
        payload = self.ask(document, token=token, **variables)
        assert "errors" not in payload, payload["errors"]
        return payload["data"]

    def about(self, selection: str, *, token: Token | None = None) -> Any:
        """Fields of the pull request."""
        document = f'{{ repository(owner: "octo", name: "app") {{ pullRequest(number: 1) {{ {selection} }} }} }}'
        return self.data(document, token=token)["repository"]["pullRequest"]

    def do(self, mutation: str, selection: str, *, token: Token | None = None, **given: Any) -> Any:
        """The payload of a mutation without errors."""
        return self.data(self._mutation(mutation, selection), token=token, input=given)[mutation]

    def refused(self, mutation: str, *, token: Token | None = None, **given: Any) -> dict[str, Any]:
        """The one error of a refused mutation."""
        payload = self.ask(self._mutation(mutation, "clientMutationId"), token=token, input=given)
        assert payload.get("data") in (None, {mutation: None})
        [error] = payload["errors"]
        return dict(error)

    @staticmethod
    def _mutation(name: str, selection: str) -> str:
        kind = f"{name[0].upper()}{name[1:]}Input"
        return f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} }} }}"

    def user(self, handle: str) -> User:
        return self.store.people.user(handle)

    def token_of(self, handle: str, **limits: Any) -> Token:
        return self.store.people.token(handle, **limits)

    def thread(self, line: int = 5, *, author: str = "alice", path: str = "a.py") -> Thread:
        """A published thread."""
        return self.store.threads.start(self.pull, self.user(author), Place(path=path, line=line), f"About {line}")

    def push(self, **texts: str) -> str:
        """Another commit on the source branch; `a="…"` is the file `a.py`."""
        contents = {f"{name}.py": text for name, text in texts.items()}
        return self.store.repositories.commit(self.repository, "feature", contents)


def plain_scene(folder: Path) -> Scene:
    """A pull request by `alice` that changes line 5 of two files, adds one and deletes one."""
    store = Store(folder / "store")
    (folder / "store").mkdir()
    repository = store.repositories.create("octo/app", {"a.py": TEXT, "b.py": TEXT, "old.py": TEXT})
    changes = {name: TEXT.replace("line 5\n", "line five\n") for name in ("a.py", "b.py")}
    store.repositories.commit(
        repository,
        "feature",
        {**changes, "new.py": "new\n", "old.py": None},
        start="main",
        message="Change\n\nWith a body",
        author=store.people.user("alice"),
    )
    pull = store.pulls.create(
        repository,
        store.people.user("alice"),
        title="Change a line",
        body="Why <not>",
        source_branch="feature",
        target_branch="main",
    )
    return Scene(store, repository, pull, store.people.token("bob"))


def scene_of(folder: Path) -> Scene:
    """The plain scene, with some of everything."""
    scene = plain_scene(folder)
    store, pull, repository = scene.store, scene.pull, scene.repository
    alice, bob = scene.user("alice"), scene.user("bob")
    store.pulls.set_labels(pull, bob, [store.repositories.label(repository, "bug", "ff0000", "A fault")])
    store.pulls.set_assignees(pull, bob, [alice])
    store.pulls.set_milestone(pull, bob, store.repositories.milestone(repository, "One", bob))
    store.pulls.request_reviewers(pull, alice, [bob], [store.people.team("octo", "core", ("carol",))])
    store.reviews.create(pull, scene.user("carol"), event="APPROVE", body="Fine")
    store.reviews.create(pull, bob, body="Not yet", comments=[(Place(path="b.py", line=5), "Pending")])
    thread = scene.thread()
    store.threads.reply(thread, alice, "Answer")
    store.threads.resolve(thread, alice)
    comment = store.pulls.comment(pull, scene.user("helper[bot]"), "Beep")
    store.pulls.react(comment, bob, "+1")
    store.pulls.react(pull, alice, "heart")
    for name, state in {"lint": "success", "unit": "failure", "e2e": "in_progress", "docs": "skipped"}.items():
        store.checks.report(repository, pull.head, name, state)
    store.checks.report_run(repository, pull.head, "ci", conclusion="neutral", app="github-actions")
    store.pulls.edit(pull, alice, title="Change one line")
    store.pulls.lock(pull, bob, "too heated")
    store.pulls.set_viewed(pull, bob, "a.py", viewed=True)
    scene.pull.checks_left = 0
    return scene


def questions_about(schema: GraphQLSchema, name: str, *, depth: int = 1) -> list[str]:
    """Documents that select every field of a type, and of what it leads to in `depth` steps. They take `$id`."""
    return [
        f"query Question($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {one} }} }} }}"
        for one in selections(schema, name, depth=depth)
    ]


def nodes_of(scene: Scene) -> dict[str, str]:
    """The global id of one thing of each type in the scene."""
    pull, thread = scene.pull, scene.pull.threads[-1]
    things: dict[str, object] = {
        "PullRequest": pull,
        "Repository": scene.repository,
        "User": scene.user("bob"),
        "Team": scene.store.people.team("octo", "core"),
        "Organization": scene.repository.owner,
        "Bot": scene.user("helper[bot]"),
        "Label": pull.labels[0],
        "Milestone": pull.milestone,
        "IssueComment": pull.comments[0],
        "PullRequestReview": pull.reviews[0],
        "PullRequestReviewThread": thread,
        "PullRequestReviewComment": thread.comments[0],
        "CheckRun": scene.repository.check_runs[pull.head][-1],
        "StatusContext": scene.repository.statuses[pull.head][0],
    }
    ids = {name: node_id(thing) for name, thing in things.items()}
    return ids | {
        "Commit": commit_node_id(scene.repository, pull.head),
        "Ref": scene.about("headRef { id }")["headRef"]["id"],
    }
