"""A whole merge request at once, over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

import pytest
from tests.hosts.gitlab.lab import PATH, Lab, made

import pullbridge
from pullbridge import Anchor, AnswerState, Can, CheckState, Panel, Pull, Repository, ReviewState, Verdict, errors
from pullbridge.testing import Forge
from pullbridge.testing.faults import Fault
from pullbridge.transport.session import HostSession


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    version = getattr(request, "param", None)
    with ExitStack() as stack:
        forge = stack.enter_context(Forge(gitlab_version=version) if version else Forge())
        yield made(forge, stack)


def full(lab: Lab) -> Pull:
    """A merge request with something of everything."""
    lab.app.members(ada="admin", grace="write", linus="write")
    lab.app.commit("fix", {"b.py": "one\ntwo\nthree\n"}, message="Second")
    pull, host, head = lab.opened(), lab.forge.gitlab, lab.app.head("fix")
    host.token("linus")
    grace = lab.as_("grace")
    thread = grace.threads.start(pull, "Two?", Anchor.line("b.py", 2, commit=head))
    grace.threads.react(pull, thread.comments[0].id, "thumbsup")
    lab.repo.threads.start(pull, "On the whole.")
    lab.repo.reviewers.request(pull, ["grace", "linus"])
    grace.reviews.submit(pull, Verdict.APPROVE)
    host.job(PATH, head, "unit", "success")
    lab.repo.checks.report(head, "coverage", CheckState.FAILURE)
    host.requests.clear()
    return pull


def outline(panel: Panel) -> dict[str, Any]:
    """What must be the same by whatever way it was read."""
    return {
        "pull": (panel.pull.number, panel.pull.title, panel.pull.source.commit, panel.pull.commit_count),
        "commits": [each.title for each in panel.commits],
        "files": [(each.path, each.kind, each.additions, each.truncated) for each in panel.files],
        "threads": [(each.comments[0].body, each.current or each.anchor) for each in panel.threads],
        "reviews": [(each.author.handle, each.state) for each in panel.reviews],
        "reviewers": {each.person.handle: each.state for each in panel.reviewers},
        "checks": {each.name: each.state for each in panel.checks},
        "mergeability": panel.mergeability.state,
        "viewer": panel.viewer.handle if panel.viewer else None,
    }


def test_everything_is_there(lab: Lab) -> None:
    """All parts, none of them missing."""
    pull = full(lab)
    lab.repo.probe()
    panel = lab.repo.pulls.panel(pull)
    assert panel.gaps == ()
    told = outline(panel)
    assert told["commits"][-1] == "Second"
    assert {path for path, *_ in told["files"]} == {"a.txt", "b.py"}
    assert {body for body, _ in told["threads"]} == {"Two?", "On the whole."}
    assert told["reviews"] == [("grace", ReviewState.APPROVED)]
    assert told["reviewers"] == {"grace": ReviewState.APPROVED, "linus": ReviewState.REQUESTED}
    assert told["checks"] == {"unit": CheckState.SUCCESS, "coverage": CheckState.FAILURE}
    assert told["viewer"] == "ada"
    assert panel.pull.additions == 4
    assert panel.can[Can.MERGE].state is AnswerState.YES
    reacted = [each.comments[0].reactions for each in panel.threads if each.comments[0].body == "Two?"]
    assert [(each.name, each.count, each.mine) for each in reacted[0] or ()] == [("thumbsup", 1, False)]


def test_it_is_what_the_verbs_say(lab: Lab) -> None:
    """The parts are the same as by the verbs for each."""
    pull = full(lab)
    repo, panel = lab.repo, lab.repo.pulls.panel(pull)
    assert panel.commits == repo.pulls.commits(pull)
    assert panel.files == tuple(repo.files.list(pull))
    assert panel.threads == repo.threads.list(pull)
    assert panel.reviews == repo.reviews.list(pull)
    assert panel.reviewers == repo.reviewers.list(pull)
    assert panel.checks == repo.checks.list(pull)
    assert panel.mergeability == repo.pulls.mergeability(pull)


@dataclass
class Flights:
    """Which requests went out before the first answer came, and which after it."""

    first: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    answered: bool = False
    lock: Lock = field(default_factory=Lock)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = HostSession.exchange

        def exchange(session: HostSession, verb: str, url: str, **how: Any) -> Any:
            with self.lock:
                (self.later if self.answered else self.first).append(f"{verb} {url.rpartition('/')[2]}")
            try:
                return sent(session, verb, url, **how)
            finally:
                with self.lock:
                    self.answered = True

        monkeypatch.setattr(HostSession, "exchange", exchange)


def test_a_second_look_takes_one_round_trip(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warm: whatever is asked is asked before the first answer comes."""
    pull = full(lab)
    lab.repo.pulls.panel(pull)
    flights = Flights()
    flights.watch(monkeypatch)
    lab.forge.gitlab.behave(latency=1.5)
    panel = lab.repo.pulls.panel(pull)
    assert panel.gaps == ()
    assert flights.later == []
    assert len(flights.first) <= 10


def test_all_files_of_a_known_count_take_one_round_trip(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 230 files seen before, the three pages go out together."""
    lab.app.commit("many", {f"{number:03}.txt": "x\n" for number in range(230)})
    pull = lab.opened("many")
    assert len(lab.repo.pulls.panel(pull).files) == 230
    flights = Flights()
    flights.watch(monkeypatch)
    lab.forge.gitlab.behave(latency=1.5)
    assert len(lab.repo.pulls.panel(pull).files) == 230
    assert flights.later == []
    assert sum(each.endswith("diffs") for each in flights.first) == 3


def deaf(lab: Lab) -> None:
    """GraphQL answers nobody from now on."""
    lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=404, body=b"{}"))


def test_without_graphql_rest_tells_it(lab: Lab) -> None:
    """All parts by REST; what only GraphQL tells is a gap, and no "no"."""
    pull = full(lab)
    whole = outline(lab.repo.pulls.panel(pull))
    deaf(lab)
    panel = lab.repo.pulls.panel(pull)
    assert outline(panel) == whole
    assert [gap.part for gap in panel.gaps] == ["can", "reactions"]
    assert panel.can[Can.APPROVE].state is not AnswerState.NO
    assert panel.threads[0].comments[0].reactions is None


def test_a_query_that_is_refused_for_its_cost_is_no_failure(lab: Lab) -> None:
    """An instance with narrower limits than GitLab's own: REST tells it."""
    pull = full(lab)
    body = b'{"errors":[{"message":"Query has complexity of 197, which exceeds max complexity of 100"}]}'
    answer = {"Content-Type": "application/json"}
    lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=200, headers=answer, body=body))
    panel = lab.repo.pulls.panel(pull)
    assert "exceeds max complexity" in next(gap.reason for gap in panel.gaps if gap.part == "can")
    assert {each.person.handle for each in panel.reviewers} == {"grace", "linus"}


READS = (
    "read_merge_request",
    "read_merge_request_commit",
    "read_merge_request_diff",
    "read_merge_request_approval",
    "read_merge_request_approval_state",
    "read_merge_request_reviewer",
    "read_merge_request_discussion",
    "read_merge_request_draft_note",
    "read_project",
    "read_pipeline",
    "read_job",
    "read_commit_status",
    "read_user",
)


def narrow(lab: Lab, stack: ExitStack, *without: str) -> Repository:
    """The project by a fine-grained token with some permissions."""
    host = lab.forge.gitlab
    sign = pullbridge.Token(host.token("ada", permissions=dict.fromkeys({*READS} - {*without}, "read")))
    return stack.enter_context(pullbridge.connect(f"{host.url}/{PATH}", credentials=sign, settings=host.settings))


@pytest.mark.parametrize("answer", ["nothing", "refused", "part"])
def test_a_null_of_graphql_is_a_gap_and_no_no(lab: Lab, answer: Any) -> None:
    """A fine-grained token gets null from GraphQL: the panel says so, and REST tells what it can."""
    pull = full(lab)
    lab.forge.gitlab.knobs.fine_grained = answer
    with ExitStack() as stack:
        panel = narrow(lab, stack).pulls.panel(pull)
    assert {each.path for each in panel.files} == {"a.txt", "b.py"}
    assert {each.person.handle for each in panel.reviewers} == {"grace", "linus"}
    assert {each.name for each in panel.checks} == {"unit", "coverage"}
    assert panel.can[Can.MERGE].state is not AnswerState.NO or answer == "part"
    assert panel.gaps
    assert all(gap.reason for gap in panel.gaps)


def test_files_that_are_refused_are_one_gap(lab: Lab) -> None:
    """They are asked for once, and are no list that ends early."""
    pull = lab.opened()
    refusal = b'{"message":"403 Forbidden"}'
    answer = {"Content-Type": "application/json"}
    lab.forge.gitlab.add_fault(Fault(path="*/diffs", status=403, headers=answer, body=refusal))
    panel = lab.repo.pulls.panel(pull)
    assert [gap.part for gap in panel.gaps] == ["files"]
    assert sum(line.endswith("/diffs") for line in lab.sent()) == 1


def test_a_part_that_is_refused_is_a_gap(lab: Lab) -> None:
    """A fine-grained token without the permission for one part still shows the others."""
    pull = full(lab)
    with ExitStack() as stack:
        panel = narrow(lab, stack, "read_job").pulls.panel(pull)
    gap = next(gap for gap in panel.gaps if gap.part == "checks")
    assert "Job: Read" in gap.reason
    assert len(panel.threads) == len(panel.files) == 2


@pytest.mark.parametrize("lab", ["14.10.5-ee", "15.0.0", "16.11.0"], indirect=True)
def test_older_versions_have_panels(lab: Lab) -> None:
    """GL-52: fields that a version or edition lacks are left out, and asked for no second time."""
    lab.forge.gitlab.knobs.preparation_reads = 0
    lab.app.members(ada="admin", grace="write")
    pull, head = lab.opened(), lab.app.head("fix")
    lab.forge.gitlab.token("grace")
    lab.repo.reviewers.request(pull, ["grace"])
    lab.forge.gitlab.job(PATH, head, "unit", "success")
    panel = lab.repo.pulls.panel(pull)
    assert [each.path for each in panel.files] == ["a.txt"]
    assert [each.person.handle for each in panel.reviewers] == ["grace"]
    assert [each.name for each in panel.checks] == ["unit"]
    assert panel.viewer is not None
    lab.forge.gitlab.requests.clear()
    lab.repo.pulls.panel(pull)
    answers = [each.answer_body for each in lab.forge.gitlab.requests if each.path.endswith("/graphql")]
    assert answers
    assert not any(b"undefinedField" in each for each in answers)


def test_a_panel_waits_for_the_diff(lab: Lab) -> None:
    """Right after creation there is none yet."""
    lab.forge.gitlab.knobs.preparation_reads = 1
    panel = lab.repo.pulls.panel(lab.repo.pulls.create("Fix the edge", "fix", "main"))
    assert [each.path for each in panel.files] == ["a.txt"]
    assert panel.gaps == ()


def test_a_diff_that_is_not_made_is_a_gap(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it takes longer than anybody waits, the rest is shown."""
    monkeypatch.setattr("pullbridge.repository.placing._PATIENCE", 0.0)
    lab.forge.gitlab.knobs.preparation_reads = 1_000
    panel = lab.repo.pulls.panel(lab.repo.pulls.create("Fix the edge", "fix", "main"))
    assert [gap.part for gap in panel.gaps] == ["files", "commits"]
    assert panel.pull.title == "Fix the edge"


def test_files_that_gitlab_leaves_out_are_a_gap(lab: Lab) -> None:
    """The list says how far it goes, and so does the panel."""
    lab.forge.gitlab.knobs.most_files = 20
    lab.app.commit("many", {f"{number:03}.txt": "x\n" for number in range(30)})
    panel = lab.repo.pulls.panel(lab.opened("many"))
    (gap,) = panel.gaps
    assert gap.part == "files"
    assert gap.reason.startswith("GitLab shows 20 of")


def test_a_push_between_the_answers_is_noticed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """All parts are of one head: where the answers disagree, they are asked for once more."""
    pull = lab.opened()
    lab.repo.pulls.panel(pull)
    sent, pushed, after = HostSession.exchange, list[str](), Event()

    def exchange(session: HostSession, verb: str, url: str, **how: Any) -> Any:
        if url.endswith("/diffs"):
            assert after.wait(20)
        found = sent(session, verb, url, **how)
        if b"PullPanel" in (how.get("body") or b"") and not pushed:
            pushed.append(lab.app.commit("fix", {"a.txt": "1\n2\n", "c.txt": "3\n"}))
            after.set()
        return found

    monkeypatch.setattr(HostSession, "exchange", exchange)
    panel = lab.repo.pulls.panel(pull)
    assert panel.pull.source.commit == pushed[0]
    assert {each.path for each in panel.files} == {"a.txt", "c.txt"}
    assert panel.pull.additions == sum(each.additions or 0 for each in panel.files)


def test_nobody_sees_what_is_hidden(lab: Lab) -> None:
    """No such merge request, and a project that is not mine: not there, and no half of a panel."""
    with pytest.raises(errors.NotThere, match="merge request !99"):
        lab.repo.pulls.panel(99)
    lab.forge.gitlab.repository("group/secret", private=True, members={"ada": "admin"})
    with pytest.raises(errors.NotThere):
        lab.as_("mallory", "group/secret").pulls.panel(1)


def test_anybody_sees_what_is_public(lab: Lab) -> None:
    """Without signing in: everything but me, my drafts and what I may do."""
    pull = full(lab)
    host = lab.forge.gitlab
    with pullbridge.connect(f"{host.url}/{PATH}", credentials=pullbridge.Anonymous(), settings=host.settings) as repo:
        panel = repo.pulls.panel(pull.number)
    assert panel.viewer is None
    assert {each.path for each in panel.files} == {"a.txt", "b.py"}
    assert panel.can[Can.MERGE].state is AnswerState.NO
    # lib/api/discussions.rb of GitLab: nobody reads discussions without signing in
    assert [gap.part for gap in panel.gaps] == ["threads"]


def test_a_merge_request_of_a_fork_names_it(lab: Lab) -> None:
    """GraphQL tells the fork's path, so that nobody asks for it apart."""
    host = lab.forge.gitlab
    grace = lab.as_("grace")
    fork = host.fork(PATH, "grace")
    fork.commit("theirs", {"b.txt": "1\n"})
    made = grace.pulls.create("From a fork", "theirs", "main", source_repository=fork.path)
    lab.repo.pulls.panel(made.number)
    host.requests.clear()
    panel = lab.repo.pulls.panel(made.number)
    assert panel.pull.source.repository is not None
    assert panel.pull.source.repository.path == fork.path


def test_commits_that_were_asked_for_a_moment_too_early_are_asked_for_again(lab: Lab) -> None:
    """GitLab lists none before it has made the diff; an answer of before is not shown beside one of after."""
    pull, host = lab.opened(), lab.forge.gitlab
    lab.repo.pulls.get(pull)
    empty = {"Content-Type": "application/json"}
    host.add_fault(Fault(path="*/merge_requests/*/commits", status=200, headers=empty, body=b"[]", times=1))
    panel = lab.repo.pulls.panel(pull)
    assert sum(each.endswith("/commits") for each in lab.sent()) == 2
    assert [each.id for each in panel.commits] == [lab.app.head("fix")]
    assert panel.gaps == ()
