"""Where the contract plays: a repository on a server, two people, and a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol

import pytest

import pullbridge
from pullbridge import AnswerState, BridgeError, Can, Credentials, Pull, Repository, Settings

EDGE = "src/edge.py"
LINES = [f"line {n}\n" for n in range(1, 41)]
#: Line 20 differs, and is the only hunk of the file.
CHANGED = "".join([*LINES[:19], "changed\n", *LINES[20:]])


class Handle(Protocol):
    """A repository from behind the scenes."""

    @property
    def url(self) -> str: ...
    def commit(self, branch: str, files: Mapping[str, str | bytes | None], message: str = ...) -> str:
        """Commit files onto a branch (`None` deletes one), made from `main` when it is new; give the commit's id."""
        ...

    def head(self, branch: str) -> str:
        """The commit that a branch points at."""
        ...


class HostForge(Protocol):
    """A server to test against: what `Forge.github` has, as far as the contract needs it."""

    @property
    def url(self) -> str: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def requests(self) -> Sequence[object]: ...
    def token(self, user: str) -> str:
        """Make a token, and its user when there is none; it may do all that the user may."""
        ...

    def repository(self, path: str, files: Mapping[str, str | bytes | None]) -> Handle:
        """Make a repository with one commit of `files` on `main`, to which every user may write."""
        ...


@dataclass
class Scene:
    """A repository with a changed branch, and two people in it."""

    forge: HostForge
    app: Handle
    sign: Callable[[str], Credentials]
    exit: ExitStack = field(default_factory=ExitStack)

    def connect(self, user: str) -> Repository:
        """The repository as that user sees it."""
        return self.connect_with(self.sign(self.forge.token(user)))

    def connect_with(self, credentials: Credentials) -> Repository:
        """The repository with a credential."""
        repo = pullbridge.connect(self.app.url, credentials=credentials, settings=self.forge.settings)
        return self.exit.enter_context(repo)

    @property
    def head(self) -> str:
        """The tip of the branch."""
        return self.app.head("fix/edge")

    def refused(self, call: Callable[[], object], *kinds: type[BridgeError]) -> BridgeError:
        """Call what must be refused before anything is sent; give the error."""
        before = len(self.forge.requests)
        with pytest.raises(kinds) as caught:
            call()
        assert len(self.forge.requests) == before, f"sent before {caught.value!r}"
        return caught.value


def needs(repo: Repository, *abilities: Can) -> None:
    """Skip the test where one of these cannot be had, with the reason; the host is asked where that is not known yet."""
    for can in abilities:
        answer = repo.can[can] if repo.can[can].state is not AnswerState.UNKNOWN else repo.probe()[can]
        if answer.state is AnswerState.NO:
            pytest.skip(f"{can.name}: {answer.reason}")


class SceneContract:
    """What the tests play in. Override the fixture `host_forge`; `path` and `credentials` where your host wants others."""

    #: Where the repository is made.
    path = "octo/app"

    def credentials(self, token: str) -> Credentials:
        """Make of a token what signs the requests of its user."""
        return pullbridge.Token(token)

    @pytest.fixture
    def host_forge(self) -> HostForge:
        """The server to test against."""
        pytest.fail("Override the fixture `host_forge` with your server's face: see `HostForge`.")

    @pytest.fixture
    def scene(self, host_forge: HostForge) -> Iterator[Scene]:
        """A repository whose branch `fix/edge` changes line 20 of a file of 40, and adds a file."""
        app = host_forge.repository(self.path, files={EDGE: "".join(LINES), "README.md": "# App\n"})
        app.commit("fix/edge", {EDGE: CHANGED}, message="Fix the edge")
        app.commit("fix/edge", {"new.txt": "new\n"}, message="Add a file")
        scene = Scene(host_forge, app, self.credentials)
        with scene.exit:
            yield scene

    @pytest.fixture
    def ada(self, scene: Scene) -> Repository:
        """The repository as the author sees it."""
        return scene.connect("ada")

    @pytest.fixture
    def grace(self, scene: Scene) -> Repository:
        """The repository as the reviewer sees it."""
        return scene.connect("grace")

    @pytest.fixture
    def pull(self, ada: Repository) -> Pull:
        """A pull request of Ada's."""
        return ada.pulls.create(title="Fix the edge", source="fix/edge", target="main", body="Why.")
