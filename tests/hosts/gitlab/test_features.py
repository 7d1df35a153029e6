"""What can be done on a GitLab: learned by few requests, and known before a verb is tried."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from tests.hosts.gitlab.asked import routed, served
from tests.hosts.gitlab.signatures import watched
from tests.transport.scripted import answer

import pullbridge
from pullbridge.capabilities import AnswerState, Can, Capabilities
from pullbridge.errors import NotThere, SignInNeeded, Unsupported
from pullbridge.hosts.gitlab import payloads, probing
from pullbridge.hosts.gitlab.features import LIMITS, Features
from pullbridge.hosts.gitlab.judgement import Connected
from pullbridge.hosts.gitlab.tokens import TokenKind
from pullbridge.model.merge import MergeMethod
from pullbridge.model.settings import Settings
from pullbridge.testing import Forge

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
OPEN, SECRET, TEAM = "octo/open", "octo/secret", "octo/sub/team"


@pytest.fixture(scope="module")
def world() -> Iterator[Forge]:
    """A public project, a private one, and one where Ada may write and Bob may read."""
    with Forge() as forge:
        forge.gitlab.repository(OPEN, members={"eve": "admin"})
        forge.gitlab.repository(SECRET, private=True, members={"eve": "admin"})
        forge.gitlab.repository(TEAM, members={"ada": "write", "bob": "read", "eve": "admin"})
        yield forge


def connected(world: Forge, path: str, token: str | None) -> pullbridge.Repository:
    gitlab = world.gitlab
    credentials: pullbridge.Credentials = pullbridge.Token(token) if token else pullbridge.Anonymous()
    return pullbridge.connect(f"{gitlab.url}/{path}", credentials=credentials, settings=gitlab.settings)


def can(world: Forge, path: str = TEAM, user: str = "ada", scopes: tuple[str, ...] | None = ("api",)) -> Capabilities:
    with connected(world, path, world.gitlab.token(user, scopes=scopes)) as repo:
        return repo.probe()


def sent(world: Forge, since: int) -> list[str]:
    return sorted(f"{each.method} {each.path}" for each in world.gitlab.requests[since:])


@pytest.mark.parametrize(
    ("scopes", "granted", "reads", "writes"),
    [
        (("api",), ("api",), YES, YES),
        (("read_api",), ("read_api",), YES, NO),
        (("read_api", "read_user"), ("read_api", "read_user"), YES, NO),
    ],
)
def test_scopes_are_read_back(
    world: Forge, scopes: tuple[str, ...], granted: tuple[str, ...], reads: AnswerState, writes: AnswerState
) -> None:
    """A token tells of itself, whatever it was granted."""
    answers = can(world, scopes=scopes)
    assert answers.granted == granted
    assert (answers[Can.READ].state, answers[Can.COMMENT].state) == (reads, writes)


def test_a_probe_is_two_requests_and_the_version(world: Forge) -> None:
    """All at once; once for each account, and the version once for the connection."""
    token, path = world.gitlab.token("ada"), TEAM.replace("/", "%2F")
    own = [f"GET /api/v4/projects/{path}", "GET /api/v4/personal_access_tokens/self", "GET /api/v4/metadata"]
    with connected(world, TEAM, token) as repo:
        before = len(world.gitlab.requests)
        repo.probe()
        assert sent(world, before) == sorted(own)
        repo.probe()
        assert len(world.gitlab.requests) == before + 3
        repo.probe(again=True)
        assert sent(world, before + 3) == sorted(own[:2])


def test_a_role_that_the_project_does_not_tell_is_asked_for(world: Forge) -> None:
    """Of nobody's membership nothing follows: only GraphQL counts all the ways to a role."""
    before = len(world.gitlab.requests)
    stranger = can(world, OPEN, "tom")
    assert "POST /api/graphql" in sent(world, before)
    assert stranger[Can.REPORT_CHECK].state is NO
    assert stranger[Can.CREATE].state is YES
    assert stranger[Can.COMMENT].state is YES
    assert can(world, TEAM, "bob")[Can.REPORT_CHECK].state is NO
    assert can(world, TEAM, "ada")[Can.REPORT_CHECK].state is YES
    assert can(world, TEAM, "eve")[Can.DELETE_PULL].state is YES


def test_a_fine_grained_token_learns_what_it_can(world: Forge) -> None:
    """GraphQL is not asked with it, and nothing is refused to it beforehand."""
    token = world.gitlab.token("ada", permissions={"project": "read", "user": "read"})
    before = len(world.gitlab.requests)
    with connected(world, TEAM, token) as repo:
        try:
            answers = repo.probe()
        except pullbridge.errors.ScopeMissing:  # where its permissions do not even show the project
            answers = repo.can
    assert "POST /api/graphql" not in sent(world, before)
    assert answers[Can.COMMENT].state is UNKNOWN
    assert answers.granted is None


def test_nobody_asks_for_the_project_alone(world: Forge) -> None:
    """There is no token to ask about, and no version for nobody."""
    before = len(world.gitlab.requests)
    with connected(world, OPEN, None) as repo:
        answers = repo.probe()
    assert sent(world, before) == [f"GET /api/v4/projects/{OPEN.replace('/', '%2F')}"]
    assert answers[Can.READ].state is YES
    assert answers[Can.COMMENT].state is NO


def test_what_is_hidden_is_not_there(world: Forge) -> None:
    """A private project, for nobody and for a stranger."""
    with connected(world, SECRET, None) as repo, pytest.raises(NotThere):
        repo.probe()
    with connected(world, SECRET, world.gitlab.token("mallory")) as repo, pytest.raises(NotThere):
        repo.probe()


def test_a_bad_token_is_told_by_a_probe(world: Forge) -> None:
    """Of a project, and of the host."""
    with connected(world, OPEN, "glpat-nonsense") as repo, pytest.raises(SignInNeeded):
        repo.probe()
    gitlab = world.gitlab
    bad = pullbridge.Token("glpat-nonsense")
    with pullbridge.open_host(gitlab.url, credentials=bad, settings=gitlab.settings) as host:
        with pytest.raises(SignInNeeded):
            host.probe()
        assert host.version() is None


def test_a_host_is_probed_by_two_requests(world: Forge) -> None:
    """What was granted, and the version."""
    gitlab = world.gitlab
    token = pullbridge.Token(gitlab.token("ada", scopes=("read_api",)))
    before = len(gitlab.requests)
    with pullbridge.open_host(gitlab.url, credentials=token, settings=gitlab.settings) as host:
        answers = host.probe()
        assert sent(world, before) == ["GET /api/v4/metadata", "GET /api/v4/personal_access_tokens/self"]
        assert answers[Can.INBOX_REVIEWER].state is YES
        assert host.version() == "19.2.0-ee"
        assert host.viewer().handle == "ada"


@pytest.mark.parametrize(
    ("version", "yes", "no"),
    [
        ("19.2.0-ee", {Can.COMMENT_FILE, Can.PENDING_REVIEW, Can.REQUEST_CHANGES}, set()),
        ("16.4.0-ee", {Can.COMMENT_FILE, Can.PENDING_REVIEW}, {Can.REQUEST_CHANGES}),
        ("15.0.0", set(), {Can.COMMENT_FILE, Can.PENDING_REVIEW, Can.REQUIRED_APPROVALS, Can.MERGE_QUEUE}),
        ("13.12.15-ee", {Can.READ, Can.FILES, Can.CHECKS}, {Can.COMMENT_FILE, Can.PENDING_REVIEW, Can.MERGE_QUEUE}),
    ],
)
def test_the_version_decides(version: str, yes: set[Can], no: set[Can]) -> None:
    """Down to the lowest that is supported."""
    with Forge(gitlab_version=version) as forge:
        forge.gitlab.repository(TEAM)
        answers = can(forge, TEAM)
    assert {can for can in yes | no if answers[can].state is NO} == no
    assert {can for can in yes if answers[can].state is YES} == yes


def test_what_cannot_be_had_is_refused_before_any_request() -> None:
    """With the version that has it."""
    with Forge(gitlab_version="15.0.0") as forge:
        gitlab = forge.gitlab
        gitlab.repository(TEAM)
        with connected(forge, TEAM, gitlab.token("ada")) as repo:
            repo.probe()
            before = len(gitlab.requests)
            with pytest.raises(Unsupported, match=r"needs GitLab 15\.11"):
                repo.reviews.pending(1)
            assert len(gitlab.requests) == before


def test_settings_are_learned(world: Forge) -> None:
    """Limits are GitLab's own; the methods are the project's."""
    answers = can(world)
    assert "merge and squash" in answers[Can.CHOOSE_MERGE_METHOD].reason
    with connected(world, TEAM, None) as repo:
        assert repo.limits == LIMITS


@pytest.mark.parametrize(
    ("method", "squash", "methods"),
    [
        ("merge", "default_off", {MergeMethod.MERGE, MergeMethod.SQUASH}),
        ("merge", "default_on", {MergeMethod.MERGE, MergeMethod.SQUASH}),
        ("rebase_merge", "never", {MergeMethod.MERGE}),
        ("ff", "never", {MergeMethod.FAST_FORWARD}),
        ("ff", "default_off", {MergeMethod.FAST_FORWARD, MergeMethod.SQUASH}),
        ("ff", "always", {MergeMethod.SQUASH}),
        ("some new one", "never", None),
        (None, None, None),
    ],
)
def test_a_projects_settings_name_its_methods(
    method: str | None, squash: str | None, methods: set[MergeMethod] | None
) -> None:
    """A word that is not known says nothing."""
    features = Features(lambda: Connected(account="a", kind=TokenKind.PERSONAL))
    told = {"id": 1, "path_with_namespace": "g/p", "merge_method": method, "squash_option": squash}
    features.learn_project(msgspec.convert(told, payloads.Project))
    home = features.facts()[1]
    assert home is not None
    assert home.methods == methods


def test_another_account_begins_anew() -> None:
    """What was learned counts for one account."""
    account = "a"
    features = Features(lambda: Connected(account=account, kind=TokenKind.PERSONAL))
    access = {"project_access": {"access_level": 40}}
    told = {"id": 1, "path_with_namespace": "g/p", "permissions": access}
    features.learn_project(msgspec.convert(told, payloads.Project))
    assert features.level == 40
    account = "b"
    assert features.level == 0


def test_nothing_is_asked_to_tell_what_is_known(world: Forge) -> None:
    """`can` sends nothing."""
    before = len(world.gitlab.requests)
    with connected(world, TEAM, world.gitlab.token("ada")) as repo:
        assert repo.can[Can.COMMENT].state is UNKNOWN
        assert repo.can[Can.TASKS].state is NO
    assert len(world.gitlab.requests) == before


def test_a_permalink_names_lines_of_a_commit(world: Forge) -> None:
    """GitLab's own form, which differs from others by one letter."""
    with connected(world, TEAM, None) as repo:
        base = f"{world.gitlab.url}/{TEAM}/-/blob/ab12"
        assert repo.permalink("src/a b.py", 10, 12, "ab12") == f"{base}/src/a%20b.py#L10-12"
        assert repo.permalink("src/a.py", 10, 10, "ab12") == f"{base}/src/a.py#L10"
        assert repo.permalink("src/a.py", commit="ab12") == f"{base}/src/a.py"


def test_gitlab_com_has_no_version_to_ask_for() -> None:
    """It is the newest, and costs no request."""
    with pullbridge.open_host("https://gitlab.com", credentials=pullbridge.Anonymous(), settings=Settings()) as host:
        assert host.version() is None
        assert host.can[Can.RATE_BUDGET].state is YES


@pytest.mark.parametrize(("scopes", "writes"), [(("api",), YES), (("read_api",), NO)])
def test_an_oauth_token_tells_of_itself_elsewhere(world: Forge, scopes: tuple[str, ...], writes: AnswerState) -> None:
    """Beside the API, on the same origin, where a token of no certain kind is asked as well."""
    gitlab = world.gitlab
    token = gitlab.token("ada", scopes=scopes, kind="oauth")
    seen = watched(gitlab)
    with connected(world, TEAM, token) as repo:
        answers = repo.probe()
    assert "/oauth/token/info" in {path for path, _ in seen}
    assert {signed for _, signed in seen} == {frozenset({"authorization"})}
    assert answers.granted == scopes
    assert answers[Can.COMMENT].state is writes


def test_a_jobs_token_is_asked_for_nothing_that_it_cannot_tell(world: Forge) -> None:
    """Neither what it was granted, nor the project, the version or the role of nobody."""
    gitlab = world.gitlab
    before = len(gitlab.requests)
    with connected(world, OPEN, gitlab.token("ada", kind="job")) as repo:
        answers = repo.probe()
    assert sent(world, before) == [f"GET /api/v4/projects/{OPEN.replace('/', '%2F')}/merge_requests"]
    assert answers[Can.READ].state is YES
    assert answers[Can.COMMENT].state is NO


def test_the_native_client_is_python_gitlabs_own(world: Forge) -> None:
    """The host's, and a project's of it, over the same wire; a group's path is quoted as it is."""
    gitlab = world.gitlab
    token = pullbridge.Token(gitlab.token("ada"))
    with pullbridge.open_host(gitlab.url, credentials=token, settings=gitlab.settings) as host:
        live = host.native
        assert live.http_get("/user")["username"] == "ada"
        project = host.repository(TEAM).native
        assert type(project).__module__ == "gitlab.v4.objects.projects"
        assert live.projects.get(TEAM).path_with_namespace == TEAM
        assert [branch.name for branch in project.branches.list(get_all=True)] == ["main"]
        live.auth()
        assert live.user.username == "ada"


@pytest.mark.parametrize(
    ("token", "places"),
    [
        ("0123456789abcdef" * 4, ["/oauth/token/info"]),
        ("acme-token", ["/api/v4/personal_access_tokens/self", "/oauth/token/info"]),
        ("glpat-x", ["/api/v4/personal_access_tokens/self"]),
    ],
)
def test_a_token_is_asked_where_its_kind_tells(token: str, places: list[str]) -> None:
    """By its form first, for GitLab tells access tokens and OAuth's apart and answers each in one place only."""
    told = {"GET /oauth/token/info": answer(200, {"scope": ["api"]}), "GET /api/v4/user": answer(200, {"id": 1})}
    with served(routed({**told, "GET /api/v4/metadata": answer(200, {"version": "19.2.0-ee"})}), token=token) as (
        api,
        server,
    ):
        probing.of_host(api)
        assert [place for place in (seen.path for seen in server.seen) if "token" in place] == places
        assert api.connected().granted == (("api",) if "/oauth/token/info" in places else None)
        assert api.connected().untold == (set() if "/oauth/token/info" in places else {"scopes"})
