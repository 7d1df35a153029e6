"""Changed files and contents of GitLab's, over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
from tests.hosts.gitlab.lab import Lab, made

from pullbridge import AnswerState, Can, Pull, errors
from pullbridge.anchoring import parse_diff
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.files import GitLabFiles
from pullbridge.model.diff import ChangeKind
from pullbridge.model.pulls import Branch
from pullbridge.testing import Forge
from pullbridge.testing.faults import Fault
from pullbridge.transport.session import HostSession

LINES = "".join(f"line {number}\n" for number in range(1, 41))
SINCE_4 = LINES.replace("line 4\n", "four\n")


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    version = getattr(request, "param", None)
    with ExitStack() as stack:
        forge = stack.enter_context(Forge(gitlab_version=version) if version else Forge())
        yield made(forge, stack)


def changed(lab: Lab) -> Pull:
    """A merge request with one file of each kind."""
    lab.app.commit("main", {"kept.py": LINES, "gone.py": "x\n", "old/name.py": LINES, "run": "#!\n"})
    lab.app.commit(
        "kinds",
        {"kept.py": SINCE_4, "gone.py": None, "new.py": "a\nb\n", "old/name.py": None, "new/name.py": LINES + "more\n"},
    )
    return lab.opened("kinds")


def port_of(lab: Lab) -> GitLabFiles:
    files = lab.repo._session.port.files
    assert isinstance(files, GitLabFiles)
    return files


OLDER = "14.10.5"
both = pytest.mark.parametrize("lab", [None, OLDER], indirect=True, ids=["newest", OLDER])


@both
def test_every_kind_of_change_is_listed(lab: Lab) -> None:
    """By `/diffs`, and by `/changes` before 15.7: path, old path, kind, counts and hunks."""
    files = {each.path: each for each in lab.repo.files.list(changed(lab))}
    assert {path: (each.kind, each.additions, each.deletions) for path, each in files.items()} == {
        "kept.py": (ChangeKind.MODIFIED, 1, 1),
        "gone.py": (ChangeKind.REMOVED, 0, 1),
        "new.py": (ChangeKind.ADDED, 2, 0),
        "new/name.py": (ChangeKind.RENAMED, 1, 0),
    }
    assert files["new/name.py"].old_path == "old/name.py"
    assert (files["kept.py"].patch or "").startswith("@@ -1,7 +1,7 @@")
    assert not any(each.truncated for each in files.values())
    asked = {line.rpartition("/")[2] for line in lab.sent()}
    assert ("changes" in asked) is (lab.forge.gitlab.version == OLDER)
    assert ("diffs" in asked) is (lab.forge.gitlab.version != OLDER)


def test_all_pages_of_files_are_read(lab: Lab) -> None:
    """More files than a page holds come in full, the pages behind the first together."""
    lab.app.commit("many", {f"{number:03}.txt": "x\n" for number in range(230)})
    listing = lab.repo.files.list(lab.opened("many"))
    assert len({each.path for each in listing}) == 230
    assert listing.complete is True
    pages = [each.query for each in lab.forge.gitlab.requests if each.path.endswith("/diffs")]
    assert sorted(pages) == [f"per_page=100&page={page}" for page in (1, 2, 3)]


def test_files_that_gitlab_leaves_out_are_said(lab: Lab) -> None:
    """A diff of more files than the instance keeps is listed as far as it goes, and says so."""
    lab.forge.gitlab.knobs.most_files = 20
    lab.app.commit("many", {f"{number:03}.txt": "x\n" for number in range(30)})
    listing = lab.repo.files.list(lab.opened("many"))
    assert len(list(listing)) == 20
    assert listing.complete is False
    assert (listing.stopped or "").startswith("GitLab shows 20 of")


@both
def test_hunks_that_gitlab_leaves_out_are_said(lab: Lab) -> None:
    """GL-65 and GL-66: a patch above the limit is left out; git's own counts are there all the same."""
    lab.forge.gitlab.knobs.patch_bytes = 200
    lab.app.commit("main", {"big.txt": "x\n"})
    lab.app.commit("large", {"big.txt": "".join(f"{number} and so on\n" for number in range(50))})
    (file,) = lab.repo.files.list(lab.opened("large"))
    assert (file.path, file.truncated, file.patch) == ("big.txt", True, None)
    assert (file.additions, file.deletions) == (50, 1)


def test_a_diff_that_is_not_prepared_is_waited_for(lab: Lab) -> None:
    """GL-11: right after creation the commits of the diff are null, and nothing is shown before they are there."""
    lab.forge.gitlab.knobs.preparation_reads = 2
    pull = lab.repo.pulls.create("Fix the edge", "fix", "main")
    assert [each.path for each in lab.repo.files.list(pull)] == ["a.txt"]


@pytest.mark.parametrize("most", [1_000, 20], ids=["counted", "20+"])
def test_a_diff_that_is_made_between_two_answers_is_read_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """No files a moment before it was made, and its commits a moment after: an empty list would be wrong."""
    lab.forge.gitlab.knobs.most_files = most
    lab.app.commit("many", {f"{number:03}.txt": "x\n" for number in range(30)})
    pull, sent, files = lab.opened("many"), HostSession.exchange, Event()

    def exchange(session: HostSession, verb: str, url: str, **how: Any) -> Any:
        if url.endswith(f"/merge_requests/{pull.number}"):
            assert files.wait(20)
        found = sent(session, verb, url, **how)
        if url.endswith("/diffs"):
            files.set()
        return found

    monkeypatch.setattr(HostSession, "exchange", exchange)
    assert len(list(lab.repo.files.list(pull))) == min(most, 30)


def test_a_diff_that_is_never_prepared_is_an_error_in_the_end(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait is bounded, and its end says what to do."""
    monkeypatch.setattr("pullbridge.repository.placing._PATIENCE", 0.2)
    monkeypatch.setattr("pullbridge.repository.placing._WAITS", (0.05,))
    lab.forge.gitlab.knobs.preparation_reads = 1_000
    pull = lab.repo.pulls.create("Fix the edge", "fix", "main")
    with pytest.raises(errors.HostDown, match="still making the diff") as caught:
        list(lab.repo.files.list(pull))
    assert caught.value.retryable


def test_a_whole_diff_is_waited_for(lab: Lab) -> None:
    """Right after creation there is none yet."""
    pull = lab.repo.pulls.create("Fix the edge", "fix", "main")
    assert [each.path for each in parse_diff(lab.repo.files.diff(pull))] == ["a.txt"]


@both
def test_a_whole_diff_is_read(lab: Lab) -> None:
    """As git writes it since 17.9, and put together from the answers about each file before."""
    lab.forge.gitlab.knobs.preparation_reads = 0
    pull = changed(lab)
    found = {each.path: each for each in parse_diff(lab.repo.files.diff(pull))}
    assert set(found) == {"kept.py", "gone.py", "new.py", "new/name.py"}
    assert found["new/name.py"].old_path == "old/name.py"
    raw = any(line.endswith("/raw_diffs") for line in lab.sent())
    assert raw is (lab.forge.gitlab.version != OLDER)


@pytest.mark.parametrize("lab", [OLDER], indirect=True)
def test_a_diff_with_a_hole_is_no_diff(lab: Lab) -> None:
    """Where an older version leaves something out, nobody gets a diff that looks whole."""
    lab.forge.gitlab.knobs.most_files, lab.forge.gitlab.knobs.preparation_reads = 5, 0
    lab.app.commit("many", {f"{number:03}.txt": "x\n" for number in range(9)})
    with pytest.raises(errors.Unsupported, match="does not show the whole diff") as caught:
        lab.repo.files.diff(lab.opened("many"))
    assert caught.value.can is Can.DIFF


@pytest.mark.parametrize(
    "path",
    ["a.b/c..d/e.txt", "with space.txt", "per%20cent.txt", "ünï/ö.txt", "deep/er/still/.hidden", "plus+and#hash?.txt"],
)
def test_a_file_is_read_by_its_exact_path(lab: Lab, path: str) -> None:
    """Slashes, dots, blanks and percent signs are part of the path."""
    sha = lab.app.commit("paths", {path: "found\n"})
    assert lab.repo.files.content(path, sha) == b"found\n"
    assert lab.repo.files.content(path, "paths") == b"found\n"


def test_a_files_bytes_are_left_alone(lab: Lab) -> None:
    """Latin-1 and the pointer of Git LFS come as git holds them."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    sha = lab.app.commit("bytes", {"l.txt": b"caf\xe9\n", "b.bin": pointer})
    assert lab.repo.files.content("l.txt", sha) == b"caf\xe9\n"
    assert lab.repo.files.content("b.bin", sha) == pointer.encode()


def test_what_is_no_file_is_not_there(lab: Lab) -> None:
    """A path that nobody has, and a commit that nobody has."""
    with pytest.raises(errors.NotThere, match=r"none\.txt at main"):
        lab.repo.files.content("none.txt", "main")
    with pytest.raises(errors.NotThere):
        lab.repo.files.content("a.txt", "0" * 40)


def test_a_page_in_a_files_place_is_refused(lab: Lab) -> None:
    """A sign-in page of whoever stands between is no file and no diff."""
    pull = lab.opened()
    page = {"Content-Type": "text/html; charset=utf-8"}
    lab.forge.gitlab.add_fault(Fault(path="*/raw*", status=200, headers=page, body=b"<html>"))
    with pytest.raises(errors.BadAnswer, match="text/html"):
        lab.repo.files.content("a.txt", "fix")
    with pytest.raises(errors.BadAnswer, match="text/html"):
        lab.repo.files.diff(pull)


def test_two_commits_are_compared_from_where_they_parted(lab: Lab) -> None:
    """Three dots: what the target has got since is no change; the merge base is told, oldest commit first."""
    base = lab.app.head("main")
    first = lab.app.commit("two", {"b.txt": "1\n"}, message="First")
    second = lab.app.commit("two", {"b.txt": "2\n"}, message="Second")
    lab.app.commit("main", {"c.txt": "elsewhere\n"})
    found = lab.repo.files.compare("main", "two")
    assert (found.merge_base, found.ahead_by, found.complete) == (base, 2, True)
    assert [each.id for each in found.commits] == [first, second]
    assert [each.path for each in found.files] == ["b.txt"]


def test_nothing_can_be_compared_with_what_is_not_there(lab: Lab) -> None:
    """A branch that nobody has."""
    with pytest.raises(errors.NotThere, match="comparison of main and nobody"):
        lab.repo.files.compare("main", "nobody")


def test_viewed_files_are_a_no_with_a_reason(lab: Lab) -> None:
    """GitLab keeps them in the browser; known before the call, and sent never."""
    pull = lab.opened()
    answer = lab.repo.can[Can.VIEWED_FILES]
    assert answer.state is AnswerState.NO
    assert answer.reason
    with pytest.raises(errors.Unsupported):
        lab.repo.files.viewed(pull)
    with pytest.raises(errors.Unsupported):
        lab.repo.files.set_viewed(pull, "a.txt", True)
    assert lab.sent() == []


def branch(lab: Lab, commit: str | None = None) -> Branch:
    return Branch(name="fix", commit=commit or lab.app.head("fix"), repository=lab.repo.ref)


def test_a_file_is_written_on_the_branch_that_was_seen(lab: Lab) -> None:
    """A file that is there and a new one: bytes and message arrive as they are."""
    port, before = port_of(lab), lab.app.head("fix")
    done = port.commit(branch(lab), "a.txt", b"\xff\n", "Say it\n\nIn full.")
    assert (done.id, done.message) == (lab.app.head("fix"), "Say it\n\nIn full.")
    assert done.parents == (before,)
    port.commit(branch(lab), "new/b.txt", b"new\n", "Add it")
    assert lab.repo.files.content("a.txt", "fix") == b"\xff\n"
    assert lab.repo.files.content("new/b.txt", "fix") == b"new\n"


def test_a_branch_that_moved_is_not_written(lab: Lab) -> None:
    """Seen at another commit: nothing is sent."""
    seen = lab.app.head("fix")
    now = lab.app.commit("fix", {"other.txt": "x\n"})
    lab.forge.gitlab.requests.clear()
    with pytest.raises(errors.Stale) as caught:
        port_of(lab).commit(branch(lab, seen), "a.txt", b"2\n", "Write")
    assert (caught.value.expected, caught.value.found) == (seen, now)
    assert lab.bodies("POST") == []


def test_a_file_that_changed_meanwhile_is_not_written(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the write: GitLab's own guard refuses it."""
    seen = lab.app.head("fix")

    def looked(api: RepositoryApi, branch: Branch, path: str) -> str:
        del api, branch, path
        lab.app.commit("fix", {"a.txt": "theirs\n"})
        return seen

    monkeypatch.setattr("pullbridge.hosts.gitlab.files._touched_last", looked)
    with pytest.raises(errors.Stale, match="has changed since you looked"):
        port_of(lab).commit(branch(lab), "a.txt", b"mine\n", "Write")
    assert lab.repo.files.content("a.txt", "fix") == b"theirs\n"
