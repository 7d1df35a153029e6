"""Pull requests: made, found, listed, changed."""

from __future__ import annotations

import pytest

import pullbridge
from pullbridge import Can, Pull, PullState, Repository
from pullbridge.testing.contract.scene import CHANGED, EDGE, Scene, SceneContract, needs


class PullsContract(SceneContract):
    """Pull requests and what they change."""

    def test_create_tells_what_was_made(self, scene: Scene, pull: Pull) -> None:
        """All that was asked for, the full commit, and who I am."""
        assert (pull.title, pull.body, pull.state, pull.draft or False) == (
            "Fix the edge",
            "Why.",
            PullState.OPEN,
            False,
        )
        assert (pull.source.name, pull.source.commit, pull.target.name) == ("fix/edge", scene.head, "main")
        assert pull.author is not None
        assert pull.author.handle == "ada"
        assert pull.ref.number == pull.number
        assert pull.url
        assert pull.url.startswith(scene.forge.url)
        assert pull.created_at is None or pull.created_at.tzinfo is not None

    def test_a_second_one_is_there_already(self, ada: Repository, pull: Pull) -> None:
        """The error has the first one; `if_exists="return"` gives it back."""
        with pytest.raises(pullbridge.AlreadyThere) as caught:
            ada.pulls.create(title="Again", source="fix/edge", target="main")
        assert caught.value.existing.number == pull.number
        again = ada.pulls.create(title="Again", source="fix/edge", target="main", if_exists="return")
        assert (again.number, again.title) == (pull.number, "Fix the edge")

    def test_a_branch_that_is_not_there_is_rejected(self, ada: Repository) -> None:
        """With a reason, and the text in hand."""
        with pytest.raises((pullbridge.Rejected, pullbridge.NotThere)) as caught:
            ada.pulls.create(title="t", source="no/such", target="main", body="typed")
        assert caught.value.text == "typed"

    def test_get_by_all_its_names(self, ada: Repository, pull: Pull) -> None:
        """By number, by itself and by reference; another number is not there."""
        found = [ada.pulls.get(name) for name in (pull.number, pull, pull.ref)]
        assert {each.number for each in found} == {pull.number}
        assert found[0].source.commit == pull.source.commit
        assert not found[0].source.commit_abbreviated
        with pytest.raises(pullbridge.NotThere):
            ada.pulls.get(99_999)

    def test_list_is_complete_or_says_where_it_stopped(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """Newest change first; a limit stops it, and its cursor goes on."""
        scene.app.commit("other", {"other.txt": "x\n"})
        other = ada.pulls.create(title="Other", source="other", target="main")
        everything = ada.pulls.list()
        assert {each.number for each in everything} == {pull.number, other.number}
        assert everything.complete
        first = ada.pulls.list(limit=1)
        begun = [each.number for each in first]
        assert (len(begun), first.complete) == (1, False)
        rest = [each.number for each in ada.pulls.list(after=first.cursor)]
        assert sorted(begun + rest) == sorted([pull.number, other.number])

    def test_filters_are_applied(self, ada: Repository, pull: Pull) -> None:
        """By state and by branch; what does not fit is not in it."""
        assert [each.number for each in ada.pulls.list(source="fix/edge", target="main")] == [pull.number]
        assert list(ada.pulls.list(source="no/such")) == []
        assert list(ada.pulls.list(states={PullState.MERGED})) == []
        ada.pulls.close(pull)
        assert list(ada.pulls.list()) == []
        assert [each.number for each in ada.pulls.list(states={PullState.CLOSED})] == [pull.number]

    def test_find_by_branch(self, ada: Repository, pull: Pull) -> None:
        """The open one, or none."""
        found = ada.pulls.find(source="fix/edge")
        assert found is not None
        assert found.number == pull.number
        assert ada.pulls.find(source="no/such") is None

    def test_edit_leaves_the_rest(self, ada: Repository, pull: Pull) -> None:
        """What is given changes; an empty text clears, an absent one does not."""
        needs(ada, Can.EDIT)
        changed = ada.pulls.edit(pull, title="Mend the edge")
        assert (changed.title, changed.body) == ("Mend the edge", "Why.")
        assert not ada.pulls.edit(pull, body="").body
        assert ada.pulls.get(pull).title == "Mend the edge"

    def test_close_and_reopen(self, ada: Repository, pull: Pull) -> None:
        """Closed is not merged; both may be repeated."""
        needs(ada, Can.CLOSE)
        assert {ada.pulls.close(pull).state for _ in range(2)} == {PullState.CLOSED}
        needs(ada, Can.REOPEN)
        assert {ada.pulls.reopen(pull).state for _ in range(2)} == {PullState.OPEN}

    def test_drafts(self, ada: Repository, pull: Pull) -> None:
        """To and fro; a draft is open."""
        needs(ada, Can.DRAFTS)
        made = ada.pulls.set_draft(pull, True)
        assert (made.draft, made.state) == (True, PullState.OPEN)
        assert ada.pulls.get(pull).draft is True
        assert ada.pulls.set_draft(pull, False).draft is False

    def test_the_panel_is_the_sum_of_its_parts(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """What an editor shows at once is what the single verbs say; what is missing is named."""
        ada.threads.start(pull, "General.")
        panel = ada.pulls.panel(pull)
        assert (panel.pull.number, panel.pull.source.commit) == (pull.number, scene.head)
        assert [each.id for each in panel.commits] == [each.id for each in ada.pulls.commits(pull)]
        assert {each.path for each in panel.files} == {each.path for each in ada.files.list(pull)} == {EDGE, "new.txt"}
        assert [each.id for each in panel.threads] == [each.id for each in ada.threads.list(pull)]
        assert panel.viewer is None or panel.viewer.handle == "ada"
        assert all(gap.part and gap.reason for gap in panel.gaps)

    def test_commits_and_contents(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """Oldest first, with full ids; the diff has both files, and a file has its bytes at a commit."""
        commits = ada.pulls.commits(pull)
        assert [each.title for each in commits] == ["Fix the edge", "Add a file"]
        assert commits[-1].id == scene.head
        assert commits[0].id in commits[1].parents
        files = ada.files.list(pull)
        assert {each.path for each in files} == {EDGE, "new.txt"}
        assert files.complete
        needs(ada, Can.DIFF, Can.CONTENT)
        assert "+changed" in ada.files.diff(pull)
        assert ada.files.content(EDGE, at=scene.head) == CHANGED.encode()
        with pytest.raises(pullbridge.NotThere):
            ada.files.content("no/such", at=scene.head)
