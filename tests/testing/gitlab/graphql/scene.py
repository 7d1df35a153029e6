"""A project with a merge request, and a shorthand to ask GraphQL about it, without a socket in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema

from pullbridge.testing.gitlab import ci, reviewing, talk
from pullbridge.testing.gitlab.app import App
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.execution import Question, execute
from pullbridge.testing.gitlab.graphql.schema import bound_schema
from pullbridge.testing.gitlab.knobs import Version
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.talk_records import Note
from pullbridge.testing.store import PullRequest, Reaction, Repository, Store, Token, User

WEB = "https://gitlab.test"
PATH = "group/sub/app"
TEXT = "".join(f"line {number}\n" for number in range(1, 41))


@dataclass
class Scene:
    """What the tests speak about. `ask` answers as the viewer `bob`, who is a developer."""

    app: App
    project: Repository
    pull: PullRequest
    viewer: Token

    def close(self) -> None:
        self.app.store.close()

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def schema(self) -> GraphQLSchema:
        return bound_schema(self.app.version.numbers, enterprise=self.app.version.enterprise)

    @property
    def pull_id(self) -> str:
        return f"gid://gitlab/MergeRequest/{self.pull.id}"

    def ask(self, document: str, *, token: Token | str | None = "viewer", **variables: Any) -> dict[str, Any]:
        """The payload of an answer; `token` is `None` for nobody."""
        who = self.viewer if isinstance(token, str) else token
        [answer] = execute([Question(document, variables)], Asking(self.app, who, web=WEB))
        return answer

    def data(self, document: str, *, token: Token | str | None = "viewer", **variables: Any) -> Any:
        """The data of an answer without errors."""
        payload = self.ask(document, token=token, **variables)
        assert "errors" not in payload, payload["errors"]
        return payload["data"]

    def about(self, selection: str, *, token: Token | str | None = "viewer") -> Any:
        """Fields of the merge request."""
        return self.data(about(selection), token=token)["project"]["mergeRequest"]

    def do(self, mutation: str, selection: str = "", *, by: Token | None = None, **given: Any) -> Any:
        """The payload of a mutation, of the merge request where it has one, without errors of either kind."""
        payload = self.tried(mutation, selection, by=by, **given)
        assert payload["errors"] == []
        return payload

    def tried(self, mutation: str, selection: str = "", *, by: Token | None = None, **given: Any) -> Any:
        """The payload of a mutation, with its `errors`."""
        document = self._mutation(mutation, f"errors {selection}")
        return self.data(document, token=by or self.viewer, input=self._located(mutation, given))[mutation]

    def refused(self, mutation: str, *, token: Token | str | None = "viewer", **given: Any) -> str:
        """The one error of a mutation that may not be done."""
        document = self._mutation(mutation, "errors")
        payload = self.ask(document, token=token, input=self._located(mutation, given))
        assert payload["data"] == {mutation: None}
        [error] = payload["errors"]
        assert error["path"] == [mutation]
        return str(error["message"])

    def _located(self, mutation: str, given: dict[str, Any]) -> dict[str, Any]:
        return {"projectPath": PATH, "iid": "1", **given} if mutation.startswith("mergeRequest") else given

    @staticmethod
    def _mutation(name: str, selection: str) -> str:
        kind = f"{name[0].upper()}{name[1:]}Input"
        return f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} }} }}"

    def user(self, handle: str) -> User:
        return self.store.people.user(handle)

    def token_of(self, handle: str, **limits: Any) -> Token:
        return self.store.people.token(handle, **limits)

    def place(self, *, old: int | None = None, new: int | None = None, path: str = "a.py") -> Position:
        """A line of the newest diff."""
        version = self.pull.versions[-1]
        return Position(
            base_sha=version.merge_base,
            start_sha=version.base,
            head_sha=version.head,
            old_path=path,
            new_path=path,
            old_line=old,
            new_line=new,
        )

    def thread(self, *, author: str = "alice", body: str = "Why?", **line: Any) -> Note:
        """The first note of a thread on a line."""
        return talk.start(self.app, self.pull, self.user(author), body, position=self.place(**line))

    def job(self, name: str, status: str, **more: Any) -> None:
        """A job of the head's pipeline."""
        ci.report_job(self.store, self.project, self.pull.head, name, status, **more)

    def at(self, version: str) -> Scene:
        """The same on another GitLab."""
        self.app.version = Version(version)
        return self


def about(selection: str) -> str:
    """A query of the merge request."""
    return f'{{ project(fullPath: "{PATH}") {{ mergeRequest(iid: "1") {{ {selection} }} }} }}'


#: Where one thing of each type is in the scene.
PLACES = {
    "Query": "{ %s }",
    "UserCore": "{ currentUser { %s } }",
    "Project": f'{{ project(fullPath: "{PATH}") {{ %s }} }}',
    "MergeRequest": about("%s"),
    "MergeRequestReviewer": about("reviewers { nodes { %s } }"),
    "Discussion": about("discussions { nodes { %s } }"),
    "Note": about("notes { nodes { %s } }"),
    "Pipeline": about("headPipeline { %s }"),
    "CiJob": about("headPipeline { jobs { nodes { %s } } }"),
    "Commit": about("commits { nodes { %s } }"),
    "ApprovalRule": about("approvalState { rules { %s } }"),
}
#: These want one argument of two, which the schema cannot say.
NEEDY = frozenset({"job", "pipeline"})


def plain_scene(folder: Path, version: str = "19.2.0-ee") -> Scene:
    """A merge request by `alice` that changes line 5 of two files, adds one and deletes one; its diff is made."""
    (folder / "store").mkdir()
    store = Store(folder / "store", mergeability_reads=0)
    app = App(store, version=Version(version))
    project = store.repositories.create(PATH, {"a.py": TEXT, "b.py": TEXT, "old.py": TEXT})
    changes = {name: TEXT.replace("line 5\n", "line five\n") for name in ("a.py", "b.py")}
    store.repositories.commit(
        project,
        "feature",
        {**changes, "new.py": "new\n", "old.py": None},
        start="main",
        message="Change\n\nWith a body",
        author=store.people.user("alice"),
    )
    pull = store.pulls.create(
        project,
        store.people.user("alice"),
        title="Change a line",
        body="Why <not>\n- [x] done\n- [ ] to do",
        source_branch="feature",
        target_branch="main",
    )
    for _ in range(2):
        app.states.read(pull)
    return Scene(app, project, pull, store.people.token("bob"))


def full_scene(folder: Path) -> Scene:
    """The plain scene, with some of everything."""
    scene = plain_scene(folder)
    store, pull, project = scene.store, scene.pull, scene.project
    alice, bob, carol = (scene.user(name) for name in ("alice", "bob", "carol"))
    store.pulls.set_labels(pull, bob, [store.repositories.label(project, "bug", "ff0000", "A fault")])
    store.pulls.set_assignees(pull, bob, [alice])
    store.pulls.set_milestone(pull, bob, store.repositories.milestone(project, "One", bob))
    store.pulls.request_reviewers(pull, alice, [bob, carol])
    reviewing.approve(scene.app, pull, carol)
    first = scene.thread(new=5)
    answer = talk.reply(scene.app, first.discussion, bob, "Because")
    answer.reactions.append(store.keep(Reaction(id=9, user=alice, content="heart", created_at=store.now())))
    talk.resolve(scene.app, first.discussion, alice)
    talk.start(scene.app, pull, carol, "All in all", thread=False)
    pull.reactions.append(store.keep(Reaction(id=10, user=bob, content="thumbsup", created_at=store.now())))
    scene.job("unit", "success")
    scene.job("lint", "failed", stage="check", allow_failure=True)
    store.checks.report(project, pull.head, "scan", "pending")
    store.pulls.lock(pull, bob)
    return scene
