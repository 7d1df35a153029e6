"""Who may do what: refusals name what is missing, before the request where that is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

import pullbridge
from pullbridge import (
    Anonymous,
    AnswerState,
    Can,
    CheckState,
    Forbidden,
    MergeMethod,
    NotThere,
    Repository,
    ScopeMissing,
    SignInNeeded,
    Token,
    Unsupported,
    Verdict,
)

Verb = Callable[[Repository, Scene], Any]
SSO = "https://github.com/orgs/octo/sso?authorization_request=A1B2"

READS: dict[str, Verb] = {
    "pulls.get": lambda repo, _: repo.pulls.get(1),
    "pulls.list": lambda repo, _: list(repo.pulls.list()),
    "pulls.panel": lambda repo, _: repo.pulls.panel(1),
    "pulls.commits": lambda repo, _: repo.pulls.commits(1),
    "pulls.mergeability": lambda repo, _: repo.pulls.mergeability(1),
    "files.list": lambda repo, _: list(repo.files.list(1)),
    "files.diff": lambda repo, _: repo.files.diff(1),
    "threads.list": lambda repo, _: repo.threads.list(1),
    "reviews.list": lambda repo, _: repo.reviews.list(1),
    "reviewers.list": lambda repo, _: repo.reviewers.list(1),
}
WRITES: dict[str, Verb] = {
    "pulls.edit": lambda repo, _: repo.pulls.edit(1, title="New"),
    "pulls.close": lambda repo, _: repo.pulls.close(1),
    "pulls.set_draft": lambda repo, _: repo.pulls.set_draft(1, True),
    "threads.start": lambda repo, scene: repo.threads.start(1, "On a line", at=scene.at()),
    "reviews.submit": lambda repo, scene: repo.reviews.submit(1, Verdict.APPROVE, "Yes", [scene.draft("Here")]),
    "reviews.submit on a file": lambda repo, _: repo.reviews.submit(
        1, Verdict.COMMENT, "", [pullbridge.DraftComment("File", at=pullbridge.Anchor.file("a.txt"))]
    ),
    "reviewers.request": lambda repo, _: repo.reviewers.request(1, ["octo-reviewer"]),
}
OTHER_WRITES: dict[str, Verb] = {
    "threads.start general": lambda repo, _: repo.threads.start(1, "To all"),
    "checks.report": lambda repo, scene: repo.checks.report(scene.head, "ci", CheckState.SUCCESS),
    "pulls.create": lambda repo, _: repo.pulls.create("New", "fix2", "main"),
    "branches.delete": lambda repo, _: repo.branches.delete("fix2"),
    "pulls.merge": lambda repo, _: repo.pulls.merge(1, method=MergeMethod.MERGE),
}


@pytest.fixture(autouse=True)
def _reviewer(request: pytest.FixtureRequest) -> None:
    """Somebody to ask."""
    for name in {"scene", "still"} & set(request.fixturenames):
        request.getfixturevalue(name).host.user("octo-reviewer")


def untouched(scene: Scene) -> bool:
    """Whether nothing that a write would leave is there."""
    record = scene.record
    return not (scene.inline() or scene.general() or record.draft) and record.state == "open"


@pytest.mark.parametrize("kind", ["unknown", "expired", "revoked"])
def test_refused_token_asks_for_a_sign_in(still: Scene, kind: str) -> None:
    """A token that is wrong, expired or revoked is `SignInNeeded`, and is not tried twice."""
    token = still.host.token("bob", expired=kind == "expired") if kind != "unknown" else "ghp_nobody"
    if kind == "revoked":
        still.host.revoke(token)
    for verbs in (READS, WRITES):
        for verb in verbs.values():
            still.requests.clear()
            repo = still.connect(token=token)
            with pytest.raises(
                SignInNeeded, match=r"wrong, expired or revoked.*Sign in, or give a valid token"
            ) as caught:
                verb(repo, still)
            assert caught.value.status == 401
            assert caught.value.host == repo.host
            assert caught.value.request_id
            assert token not in str(caught.value)
            assert len({(each.method, each.path) for each in still.requests}) == len(still.requests)
    assert untouched(still)


class Renewing:
    """Credentials of an IDE, whose token is renewed when it is refused."""

    def __init__(self, old: str, new: str | None) -> None:
        self.token = Token(old)
        self.new = new
        self.asked = 0

    def current(self) -> Token:
        return self.token

    def refresh(self) -> Token | None:
        self.asked += 1
        return Token(self.new) if self.new else None


def test_credentials_are_renewed_once_and_the_write_is_done_once(scene: Scene) -> None:
    """A refused token is renewed by its owner, and the write that met the refusal goes out with the new one."""
    credentials = Renewing(scene.host.token("bob", expired=True), scene.token("bob"))
    with pullbridge.connect(scene.app.url, credentials=credentials, settings=scene.host.settings) as repo:
        repo.threads.start(1, "Once")
        repo.threads.start(1, "Twice")
    assert scene.general() == ["Once", "Twice"]
    assert credentials.asked == 1


def test_credentials_that_cannot_be_renewed_end_in_a_sign_in(scene: Scene) -> None:
    """No endless asking: one renewal, then the refusal."""
    credentials = Renewing(scene.host.token("bob", expired=True), None)
    with (
        pullbridge.connect(scene.app.url, credentials=credentials, settings=scene.host.settings) as repo,
        pytest.raises(SignInNeeded),
    ):
        repo.threads.start(1, "Never")
    assert credentials.asked == 1
    assert len(scene.requests) == 1


def test_nobody_may_read_what_rest_shows(still: Scene) -> None:
    """What is public and REST gives is read without a token."""
    still.host.budget.anonymous = 5000
    with pullbridge.connect(still.app.url, credentials=Anonymous(), settings=still.host.settings) as repo:
        assert repo.pulls.get(1).title == "Change two files"
        assert [pull.number for pull in repo.pulls.list()] == [1]
        assert [file.path for file in repo.files.list(1)] == ["a.txt", "b.txt"]
        assert repo.files.content("a.txt", "main").startswith(b"line 1\n")


def test_nobody_is_told_to_sign_in(scene: Scene) -> None:
    """Without a token, what needs one is `SignInNeeded` before any request, and no token is said to be wrong."""
    with pullbridge.connect(scene.app.url, credentials=Anonymous(), settings=scene.host.settings) as repo:
        for name in (*WRITES, *OTHER_WRITES, "pulls.panel", "threads.list", "reviews.list"):
            with pytest.raises(SignInNeeded, match=r"signed.in") as caught:
                (READS | WRITES | OTHER_WRITES)[name](repo, scene)
            assert "Sign in" in str(caught.value), name
        assert scene.requests == []


def test_nobody_in_a_private_place_is_told_to_sign_in(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers nobody gets nobody blamed for a wrong token."""
    del monkeypatch
    scene.host.behave(status=401, body=b'{"message": "Must authenticate to access this API."}', method="GET")
    with (
        pullbridge.connect(scene.app.url, credentials=Anonymous(), settings=scene.host.settings) as repo,
        pytest.raises(SignInNeeded, match="nobody is signed in"),
    ):
        repo.pulls.get(1)


class TestClassicScopes:
    """Classic tokens tell what they were granted with every answer."""

    def test_missing_scope_is_named(self, still: Scene) -> None:
        """A write without the scope is `ScopeMissing`: what is needed, what is there, and nothing is written."""
        for name, verb in (WRITES | OTHER_WRITES).items():
            repo = still.connect(token=still.host.token("bob", scopes=("gist",)))
            with pytest.raises(ScopeMissing) as caught:
                verb(repo, still)
            assert {"public_repo", "repo"} <= set(caught.value.needed), name
            assert caught.value.granted == ("gist",)
            assert "gist" in str(caught.value)
            assert str(caught.value).endswith("Grant the missing right to the token, or use another one.")
        assert untouched(still)

    def test_known_scopes_refuse_before_the_request(self, still: Scene) -> None:
        """Once an answer has told the granted scopes, a write that lacks one sends nothing."""
        repo = still.connect(token=still.host.token("bob", scopes=("gist", "read:user")))
        repo.pulls.get(1)
        still.requests.clear()
        for name, verb in (WRITES | OTHER_WRITES).items():
            with pytest.raises(ScopeMissing) as caught:
                verb(repo, still)
            assert still.requests == [], name
            assert {"repo", "public_repo", "repo:status"} & set(caught.value.needed)
            assert caught.value.granted == ("gist", "read:user")
            assert caught.value.host == repo.host

    def test_public_scope_does_not_reach_a_private_repository(self, scene: Scene) -> None:
        """`public_repo` sees nothing private: the hint names `repo`, and a write names it as what is missing."""
        scene.app.settings(private=True)
        repo = scene.connect(token=scene.host.token("bob", scopes=("public_repo",)))
        with pytest.raises(NotThere, match=r"lacks repo \(it has public_repo\)"):
            repo.pulls.get(1)
        with pytest.raises(ScopeMissing) as caught:
            repo.threads.start(1, "Hello")
        assert caught.value.needed == ("repo",)

    @pytest.mark.parametrize("scopes", [("repo",), ("public_repo",)])
    def test_the_least_scope_suffices(self, scene: Scene, scopes: tuple[str, ...]) -> None:
        """The scope that the verbs need is enough for all of them, teams among the reviewers or not."""
        scene.host.user("octo", organization=True)
        scene.host.team("octo", "core", ("carol",))
        store = scene.host.store
        team = store.people.team("octo", "core")
        store.pulls.request_reviewers(scene.record, store.people.user("ada"), [], [team])
        scene.app.commit("fix2", {"b.txt": "x\n"})
        repo = scene.connect(token=scene.host.token("bob", scopes=scopes))
        for name, verb in (READS | WRITES).items():
            verb(repo, scene)
            if name == "pulls.close":
                repo.pulls.reopen(1)
        repo.pulls.set_draft(1, False)
        for verb in OTHER_WRITES.values():
            verb(repo, scene)
        assert "octo/core" in {str(reviewer.person) for reviewer in repo.reviewers.list(1)}
        assert "octo/core" in {str(reviewer.person) for reviewer in repo.pulls.panel(1).reviewers}

    def test_granted_scopes_are_read_back(self, still: Scene) -> None:
        """`probe` learns the granted scopes; what they forbid is a no with what is needed."""
        repo = still.connect(token=still.host.token("bob", scopes=("gist",)))
        assert repo.can[Can.COMMENT].state is not AnswerState.NO
        repo.pulls.get(1)
        answer = repo.can[Can.COMMENT]
        assert answer.state is AnswerState.NO
        assert answer.needed
        assert repo.can.granted == ("gist",)


class TestFineGrained:
    """Fine-grained tokens do not tell what they were granted; refusals say what is needed."""

    NEEDED: ClassVar = {
        "threads.start general": {"issues:write", "pull_requests:write"},
        "checks.report": {"statuses:write"},
        "branches.delete": {"contents:write"},
        "pulls.merge": {"contents:write"},
    }

    @pytest.mark.parametrize("granted", [{}, {"pull_requests": "read"}])
    def test_missing_permission_is_named(self, scene: Scene, granted: dict[str, str]) -> None:
        """Every write names the permission it needs, at the level that it needs it."""
        scene.app.settings(private=True)
        scene.app.commit("fix2", {"b.txt": "x\n"})
        for name, verb in (WRITES | OTHER_WRITES).items():
            repo = scene.connect(token=scene.host.token("bob", permissions=granted))
            with pytest.raises(ScopeMissing) as caught:
                verb(repo, scene)
            # What has to be looked at before it is written to needs to be read first.
            looks = {"pull_requests:read"} if "threads.start" in name or "submit" in name else set()
            assert set(caught.value.needed) <= self.NEEDED.get(name, {"pull_requests:write"}) | looks, name
            assert caught.value.needed, name
            assert caught.value.granted is None
            assert caught.value.needed[0] in str(caught.value)
        assert untouched(scene)

    def test_reads_name_theirs(self, scene: Scene) -> None:
        """A read that the token does not reach names its permission."""
        scene.app.settings(private=True)
        for name, verb in READS.items():
            repo = scene.connect(token=scene.host.token("bob", permissions={}))
            with pytest.raises(ScopeMissing) as caught:
                verb(repo, scene)
            assert "pull_requests:read" in caught.value.needed, name
            assert "pull_requests:read" in str(caught.value)

    def test_contents_are_a_permission_of_their_own(self, scene: Scene) -> None:
        """Files and comparisons need `contents`; a comment at an older head says so."""
        scene.app.settings(private=True)
        repo = scene.connect(token=scene.host.token("bob", permissions={"pull_requests": "write"}))
        for verb in (lambda: repo.files.content("a.txt", "main"), lambda: repo.files.compare("main", "fix")):
            with pytest.raises(ScopeMissing) as caught:
                verb()
            assert caught.value.needed == ("contents:read",)
        old = scene.at()
        scene.push(41)
        with pytest.raises(ScopeMissing) as caught:
            repo.threads.start(1, "There", at=old)
        assert caught.value.needed == ("contents:read",)
        assert caught.value.text == "There"

    def test_permission_suffices(self, scene: Scene) -> None:
        """With the permission every verb works; what the token may do stays unknown, and unknown blocks nothing."""
        scene.app.settings(private=True)
        granted = {"pull_requests": "write", "contents": "write", "statuses": "write", "checks": "read"}
        repo = scene.connect(token=scene.host.token("bob", permissions=granted))
        scene.app.commit("fix2", {"b.txt": "x\n"})
        for name, verb in (READS | WRITES).items():
            verb(repo, scene)
            if name == "pulls.close":
                repo.pulls.reopen(1)
        assert repo.can[Can.COMMENT].state is AnswerState.UNKNOWN
        assert scene.inline() == ["On a line", "Here", "File"]


class TestSingleSignOn:
    """An organization may want the token authorized; the address for that is kept."""

    @pytest.mark.parametrize("verb", ["pulls.get", "pulls.edit", "reviews.submit", "threads.start general"])
    def test_address_is_kept(self, still: Scene, verb: str) -> None:
        """REST's refusal carries the address, in the error and in its message."""
        repo = still.connect(token=still.host.token("bob", sso_url=SSO))
        with pytest.raises(ScopeMissing, match="single sign-on") as caught:
            (READS | WRITES | OTHER_WRITES)[verb](repo, still)
        assert caught.value.sso_url == SSO
        assert SSO in str(caught.value)

    @pytest.mark.parametrize("verb", ["threads.list", "reviews.list", "pulls.commits", "pulls.panel"])
    def test_address_is_kept_from_graphql_too(self, scene: Scene, verb: str) -> None:
        """GraphQL refuses with status 200, and tells the address in the same header."""

        def challenge(request: Request, response: Response) -> Response | None:
            if request.path.endswith("/graphql") and b"FORBIDDEN" in response.get_data():
                response.headers["X-GitHub-SSO"] = f"required; url={SSO}"
            return None

        scene.instead(challenge)
        repo = scene.connect(token=scene.host.token("bob", sso_url=SSO))
        with pytest.raises(ScopeMissing) as caught:
            READS[verb](repo, scene)
        assert caught.value.sso_url == SSO

    def test_what_is_left_out_of_a_search_is_said(self, scene: Scene) -> None:
        """GitHub leaves organizations out of a search in silence, but for a header: the list says that it is not whole."""

        def partial(_: Request, response: Response) -> None:
            response.headers["X-GitHub-SSO"] = "partial-results; organizations=21955855,20582480"

        scene.instead(partial)
        with pullbridge.open_host(
            scene.host.url, credentials=Token(scene.token("ada")), settings=scene.host.settings
        ) as host:
            mine = host.inbox(pullbridge.Role.AUTHOR)
            assert [pull.number for pull in mine] == [1]
            assert mine.complete is False
            assert "single sign-on" in str(mine.stopped)


class TestRoles:
    """My role in the repository, whatever the token."""

    @pytest.fixture
    def reader(self, scene: Scene) -> Repository:
        scene.app.members(ada="write", bob="write", rita="read")
        return scene.connect("rita")

    @pytest.mark.parametrize("verb", ["pulls.edit", "pulls.close", "pulls.set_draft", "checks.report", "pulls.merge"])
    def test_reader_is_forbidden(self, scene: Scene, reader: Repository, verb: str) -> None:
        """What a reader may not do is `Forbidden`, and points to a higher role and not to the token."""
        with pytest.raises(Forbidden) as caught:
            (WRITES | OTHER_WRITES)[verb](reader, scene)
        assert str(caught.value).endswith("Ask somebody with a higher role in the repository.")
        assert ".." not in str(caught.value)
        assert untouched(scene)

    def test_reader_may_comment_and_review(self, scene: Scene, reader: Repository) -> None:
        """A role below writing is no obstacle to what readers may do."""
        reader.threads.start(1, "May I?")
        reader.reviews.submit(1, Verdict.APPROVE, "Fine", [scene.draft("And here")])
        assert scene.general() == ["May I?"]
        assert scene.inline() == ["And here"]

    @pytest.mark.parametrize("verb", ["checks.report", "pulls.merge", "branches.delete"])
    def test_known_role_refuses_before_the_request(self, scene: Scene, reader: Repository, verb: str) -> None:
        """Once a panel has told the role, what needs a higher one sends nothing."""
        reader.pulls.panel(1)
        scene.requests.clear()
        with pytest.raises(Unsupported, match="your role in this repository is read") as caught:
            OTHER_WRITES[verb](reader, scene)
        assert str(caught.value).endswith("Ask for the role write.")
        assert scene.requests == []

    def test_own_pull_request_is_not_approved(self, scene: Scene) -> None:
        """GitHub takes no verdict on one's own pull request: the refusal says so, and nothing is left behind."""
        repo = scene.connect("ada")
        for verdict in (Verdict.APPROVE, Verdict.REQUEST_CHANGES):
            for drafts in (
                [],
                [scene.draft("Here")],
                [pullbridge.DraftComment("F", at=pullbridge.Anchor.file("a.txt"))],
            ):
                with pytest.raises(pullbridge.Rejected, match="your own pull request") as caught:
                    repo.reviews.submit(1, verdict, "Mine", drafts)
                assert caught.value.receipt is not None
                assert scene.reviews() == []
                assert scene.pending() == []
        assert repo.reviews.submit(1, Verdict.COMMENT, "A note to myself").complete
