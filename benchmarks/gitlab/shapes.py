"""GitLab's REST answers in full size: what a client has to receive and decode, whether it reads it or not.

The keys are those of GitLab 19.2's entities (https://docs.gitlab.com/api/rest/); a row of the list of merge requests has
4 kB.
"""

from __future__ import annotations

from hashlib import sha1, sha256
from typing import Any

from benchmarks.data import (
    CHECKS,
    COMMENTS,
    COMMITS,
    FILES,
    LINE,
    PEOPLE,
    REPLIES,
    REPOSITORIES,
    THREADS,
    WAITING_EACH,
    Json,
    file_path,
    oid,
    patch,
    prose,
    repository_path,
)
from benchmarks.data import moment as minute

VERSION = "19.2.0-ee"
REVIEWERS = 4
#: By path, with the number that GitLab has for it.
PROJECTS = {repository_path(at): 4242 if at is None else 5000 + at for at in (None, *range(REPOSITORIES))}
_PATHS = {str(number): path for path, number in PROJECTS.items()}


def moment(at: int) -> str:
    """A time as GitLab writes it: with milliseconds."""
    return minute(at).replace("Z", ".123Z")


def path_of(name: str) -> str:
    """A project's path, from its path or its number."""
    return _PATHS.get(name, name)


def asked_position(number: int, path: str) -> Json:
    """What names an added line in a request. https://docs.gitlab.com/api/discussions/#create-a-merge-request-thread"""
    return {
        "base_sha": oid("base"),
        "start_sha": oid("base"),
        "head_sha": oid("head", number),
        "old_path": path,
        "new_path": path,
        "position_type": "text",
        "new_line": LINE,
    }


def position(number: int, path: str, line: int = LINE) -> Json:
    """The same as it is answered, with the range that it is, and GitLab's own names of the lines."""
    code = f"{sha1(path.encode(), usedforsecurity=False).hexdigest()}_{line + 1}_{line}"
    end = {"line_code": code, "type": "new", "old_line": None, "new_line": line}
    lines = {"old_line": None, "new_line": line, "line_range": {"start": end, "end": end}}
    return {**asked_position(number, path), **lines}


class Shapes:
    """Answers whose links point at `web` (an address without a slash at the end)."""

    def __init__(self, web: str) -> None:
        self.web = web
        self.api = f"{web}/api/v4"
        self._people = [self._person(name, 100 + at) for at, name in enumerate(PEOPLE)]

    # People and projects ----------------------------------------------------------------------------------------------

    def person(self, index: int) -> Json:
        """`UserBasic`."""
        return self._people[index % len(PEOPLE)]

    def _person(self, name: str, number: int) -> Json:
        digest = sha256(name.encode()).hexdigest()
        return {
            "id": number,
            "username": name,
            "public_email": None,
            "name": name.title(),
            "state": "active",
            "locked": False,
            "avatar_url": f"https://secure.gravatar.com/avatar/{digest}?s=80&d=identicon",
            "web_url": f"{self.web}/{name}",
        }

    def viewer(self) -> Json:
        """`UserPublic`, who is signed in."""
        words = ("bio", "location", "linkedin", "twitter", "discord", "website_url", "github", "job_title", "pronouns")
        return {
            **self.person(0),
            "created_at": moment(0),
            **dict.fromkeys(words, ""),
            "organization": None,
            "bot": False,
            "work_information": None,
            "local_time": None,
            "last_sign_in_at": moment(0),
            "confirmed_at": moment(0),
            "last_activity_on": moment(0)[:10],
            "email": "octo@example.org",
            "theme_id": 3,
            "color_scheme_id": 1,
            "projects_limit": 100000,
            "current_sign_in_at": moment(0),
            "identities": [],
            "can_create_group": True,
            "can_create_project": True,
            "two_factor_enabled": True,
            "external": False,
            "private_profile": False,
            "commit_email": "octo@example.org",
            "preferred_language": "en",
        }

    def project(self, name: str) -> Json:
        """`ProjectWithAccess`, as far as it has been long-lived."""
        path = path_of(name)
        number, page = PROJECTS[path], f"{self.web}/{path}"
        group, _, slug = path.rpartition("/")
        url = f"{self.api}/projects/{number}"
        links = ("issues", "merge_requests", "repo_branches", "labels", "events", "members", "cluster_agents")
        levels = (
            "issues",
            "repository",
            "merge_requests",
            "forking",
            "wiki",
            "builds",
            "snippets",
            "pages",
            "analytics",
        )
        return {
            "id": number,
            "description": prose(7, 14),
            "name": slug,
            "name_with_namespace": f"{group.title()} / {slug}",
            "path": slug,
            "path_with_namespace": path,
            "created_at": moment(0),
            "default_branch": "main",
            "tag_list": [],
            "topics": ["review", "merge-requests"],
            "ssh_url_to_repo": f"git@{self.web.partition('://')[2]}:{path}.git",
            "http_url_to_repo": f"{page}.git",
            "web_url": page,
            "readme_url": f"{page}/-/blob/main/README.md",
            "forks_count": 9,
            "avatar_url": None,
            "star_count": 80,
            "last_activity_at": moment(2),
            "visibility": "public",
            "namespace": {
                "id": 900,
                "name": group.title(),
                "path": group,
                "kind": "group",
                "full_path": group,
                "parent_id": None,
                "avatar_url": None,
                "web_url": f"{self.web}/groups/{group}",
            },
            "container_registry_image_prefix": f"registry.example.org/{path}",
            "_links": {"self": url, **{link: f"{url}/{link}" for link in links}},
            "packages_enabled": True,
            "empty_repo": False,
            "archived": False,
            **{f"{level}_access_level": "enabled" for level in levels},
            **dict.fromkeys(("issues_enabled", "merge_requests_enabled", "wiki_enabled", "jobs_enabled"), True),
            "can_create_merge_request_in": True,
            "creator_id": 100,
            "import_status": "none",
            "open_issues_count": 4,
            "ci_default_git_depth": 20,
            "public_jobs": True,
            "shared_with_groups": [],
            "only_allow_merge_if_pipeline_succeeds": True,
            "allow_merge_on_skipped_pipeline": None,
            "only_allow_merge_if_all_discussions_are_resolved": False,
            "remove_source_branch_after_merge": True,
            "merge_method": "merge",
            "squash_option": "default_off",
            "approvals_before_merge": 0,
            "permissions": {"project_access": {"access_level": 30, "notification_level": 3}, "group_access": None},
        }

    # Merge requests ---------------------------------------------------------------------------------------------------

    def pull_row(self, name: str, number: int, *, details: bool = False) -> Json:
        """`MergeRequestBasic`, a row of a list; `details` of labels instead of their names."""
        path = path_of(name)
        project, page = PROJECTS[path], f"{self.web}/{path}/-/merge_requests/{number}"
        return {
            "id": 10_000 + number,
            "iid": number,
            "project_id": project,
            "title": f"{number}: {prose(number, 7)}",
            "description": prose(number, 120),
            "state": "opened",
            "created_at": moment(number + 60),
            "updated_at": moment(number),
            **dict.fromkeys(("merged_by", "merge_user", "merged_at", "closed_by", "closed_at")),
            "target_branch": "main",
            "source_branch": f"topic/{number}",
            "user_notes_count": COMMENTS,
            "upvotes": 1,
            "downvotes": 0,
            "author": self.person(number),
            "assignees": [self.person(1), self.person(2)],
            "assignee": self.person(1),
            "reviewers": [self.person(index) for index in self.reviewers(number)],
            "source_project_id": project,
            "target_project_id": project,
            "labels": [self._label(each) if details else each for each in ("bug", "needs review")],
            "draft": False,
            "imported": False,
            "imported_from": "none",
            "work_in_progress": False,
            "milestone": self._milestone(project),
            "merge_when_pipeline_succeeds": False,
            "merge_status": "can_be_merged",
            "detailed_merge_status": "mergeable",
            "merge_after": None,
            "sha": oid("head", number),
            **dict.fromkeys(
                ("merge_commit_sha", "squash_commit_sha", "discussion_locked", "should_remove_source_branch")
            ),
            "force_remove_source_branch": True,
            "prepared_at": moment(number + 59),
            "reference": f"!{number}",
            "references": {"short": f"!{number}", "relative": f"!{number}", "full": f"{path}!{number}"},
            "web_url": page,
            "time_stats": {
                "time_estimate": 0,
                "total_time_spent": 0,
                "human_time_estimate": None,
                "human_total_time_spent": None,
            },
            "squash": False,
            "squash_on_merge": False,
            "task_completion_status": {"count": 0, "completed_count": 0},
            "has_conflicts": False,
            "blocking_discussions_resolved": True,
            "approvals_before_merge": None,
        }

    def pull(self, name: str, number: int) -> Json:
        """`MergeRequest`: a row, and what only the single answer has."""
        pipeline = self._pipeline(path_of(name), number)
        return {
            **self.pull_row(name, number),
            "subscribed": True,
            "changes_count": str(FILES),
            "latest_build_started_at": moment(number),
            "latest_build_finished_at": moment(number),
            "first_deployed_to_production_at": None,
            "pipeline": pipeline,
            "head_pipeline": self._whole(pipeline),
            "diff_refs": {"base_sha": oid("base"), "head_sha": oid("head", number), "start_sha": oid("base")},
            "merge_error": None,
            "rebase_in_progress": False,
            "first_contribution": False,
            "user": {"can_merge": True},
        }

    def reviewers(self, number: int) -> tuple[int, ...]:
        """Who was asked for a review of it; the first of them is who is signed in, where it waits for that."""
        return (0 if number <= WAITING_EACH else 4, 3, 5, 6)

    def _label(self, name: str) -> Json:
        return {
            "id": 208045946,
            "name": name,
            "description": prose(3, 6),
            "description_html": prose(3, 6),
            "text_color": "#FFFFFF",
            "color": "#f29513",
            "archived": False,
        }

    def _milestone(self, project: int) -> Json:
        return {
            "id": 1002604,
            "iid": 1,
            "project_id": project,
            "title": "v1.0",
            "description": prose(4, 10),
            "state": "active",
            "created_at": moment(0),
            "updated_at": moment(1),
            "due_date": "2026-12-24",
            "start_date": None,
            "expired": False,
            "web_url": f"{self.web}/octo/app/-/milestones/1",
        }

    def changes(self, name: str, number: int) -> Json:
        """`MergeRequestChanges`: with all files in one answer."""
        files = [self.diff(name, number, index) for index in range(FILES)]
        return {**self.pull(name, number), "changes": files, "overflow": False}

    def commit(self, name: str, number: int, index: int) -> Json:
        """`Commit`; the newest is the first."""
        at = COMMITS - 1 - index
        sha, title = oid("head", number) if index == 0 else oid(number, at), prose(at, 7)
        people = {f"{role}_{what}": said for role in ("author", "committer") for what, said in _ADA.items()}
        return {
            "id": sha,
            "short_id": sha[:8],
            "created_at": moment(at),
            "parent_ids": [oid(number, at - 1) if at else oid("base")],
            "title": title,
            "message": f"{title}\n\n{prose(at, 40)}\n",
            **people,
            "authored_date": moment(at),
            "committed_date": moment(at),
            "trailers": {},
            "extended_trailers": {},
            "web_url": f"{self.web}/{path_of(name)}/-/commit/{sha}",
        }

    def diff(self, name: str, number: int, index: int) -> Json:
        """`Diff`: a changed file."""
        path = file_path(index)
        return {
            "diff": patch(index) + "\n",
            "collapsed": False,
            "too_large": False,
            "new_path": path,
            "old_path": path,
            "a_mode": "100644",
            "b_mode": "100644",
            **dict.fromkeys(("new_file", "renamed_file", "deleted_file", "generated_file"), False),
        }

    # Talk -------------------------------------------------------------------------------------------------------------

    def discussion(self, name: str, number: int, index: int) -> Json:
        """`Discussion`, on a line of the `index`th file."""
        resolved = index % 4 == 0
        notes = [self._note(name, number, index * REPLIES + reply, resolved=resolved) for reply in range(REPLIES)]
        return self._discussion(oid("discussion", number, index), notes, resolved=resolved)

    def posted(self, name: str, number: int, asked: Json) -> Json:
        """The discussion that was begun just now."""
        at = asked["position"]
        there = {**position(number, at["new_path"], at["new_line"]), "line_range": at.get("line_range")}
        note = self._note(name, number, 1000 + at["new_line"], body=asked["body"], author=0) | {"position": there}
        return self._discussion(oid("new", asked["body"]), [note])

    def remark(self, name: str, number: int, asked: Json) -> Json:
        """The note on the whole merge request that was written just now."""
        note = self._note(name, number, 1000, body=asked["body"], author=0)
        del note["position"], note["resolved_by"], note["resolved_at"], note["suggestions"], note["resolved"]
        return {**note, "type": None, "resolvable": False}

    def _discussion(self, identity: str, notes: list[Json], *, resolved: bool = False) -> Json:
        return {"id": identity, "individual_note": False, "resolvable": True, "resolved": resolved, "notes": notes}

    def _note(
        self, name: str, number: int, index: int, *, resolved: bool = False, body: str = "", author: int | None = None
    ) -> Json:
        """`Note`."""
        return {
            "id": 500_000 + index,
            "type": "DiffNote",
            "body": body or prose(index, 25),
            "author": self.person(index if author is None else author),
            "created_at": moment(index),
            "updated_at": moment(index),
            "system": False,
            "noteable_id": 10_000 + number,
            "noteable_type": "MergeRequest",
            "project_id": PROJECTS[path_of(name)],
            "commit_id": None,
            "position": position(number, file_path(index // REPLIES % THREADS)),
            "resolvable": True,
            "resolved": resolved,
            "resolved_by": self.person(1) if resolved else None,
            "resolved_at": moment(index) if resolved else None,
            "suggestions": [],
            "confidential": False,
            "internal": False,
            "imported": False,
            "imported_from": "none",
            "noteable_iid": number,
            "commands_changes": {},
        }

    # Standing and checks ----------------------------------------------------------------------------------------------

    def approvals(self, name: str, number: int) -> Json:
        """`MergeRequestApprovals`: two of those who were asked have approved."""
        approved = [{"user": self.person(index), "approved_at": moment(index)} for index in self.approvers(number)]
        return {"user_has_approved": False, "user_can_approve": True, "approved": True, "approved_by": approved}

    def approvers(self, number: int) -> tuple[int, ...]:
        """Who has approved it."""
        return self.reviewers(number)[1:3]

    def reviewer(self, name: str, number: int, index: int) -> Json:
        """`MergeRequestReviewer`, a row of `/reviewers`."""
        who = self.reviewers(number)[index]
        state = "approved" if who in self.approvers(number) else "unreviewed"
        return {"user": self.person(who), "state": state, "created_at": moment(index)}

    def _pipeline(self, path: str, number: int) -> Json:
        """`Ci::PipelineBasic`."""
        return {
            "id": 70_000 + number,
            "iid": number,
            "project_id": PROJECTS[path],
            "sha": oid("head", number),
            "ref": f"refs/merge-requests/{number}/head",
            "status": "success",
            "source": "merge_request_event",
            "created_at": moment(number),
            "updated_at": moment(number),
            "web_url": f"{self.web}/{path}/-/pipelines/{70_000 + number}",
            "name": None,
        }

    def _whole(self, pipeline: Json) -> Json:
        """`Ci::Pipeline`."""
        return {
            **pipeline,
            "before_sha": "0" * 40,
            "tag": False,
            "yaml_errors": None,
            "user": self.person(1),
            "started_at": pipeline["created_at"],
            "finished_at": pipeline["updated_at"],
            "committed_at": None,
            "duration": 120,
            "queued_duration": 3,
            "coverage": None,
            "detailed_status": {
                "icon": "status_success",
                "text": "Passed",
                "label": "passed",
                "group": "success",
                "tooltip": "passed",
                "has_details": True,
                "details_path": pipeline["web_url"].removeprefix(self.web),
                "illustration": None,
                "favicon": "/assets/ci_favicons/favicon_status_success.png",
            },
        }

    def jobs(self, name: str, pipeline: str) -> list[Json]:
        """The jobs of a pipeline."""
        number = int(pipeline) - 70_000
        found = self._pipeline(path_of(name), number)
        return [self._job(name, number, found, index) for index in range(CHECKS)]

    def _job(self, name: str, number: int, pipeline: Json, index: int) -> Json:
        """`Ci::Job`."""
        return {
            "id": 900_000 + index,
            "status": "success",
            "stage": "test",
            "name": f"build {index}",
            "ref": pipeline["ref"],
            "tag": False,
            "coverage": None,
            "allow_failure": False,
            "created_at": moment(index),
            "started_at": moment(index),
            "finished_at": moment(index + 3),
            "erased_at": None,
            "duration": 180.0,
            "queued_duration": 1.5,
            "user": self.person(1),
            "commit": self.commit(name, number, 0),
            "pipeline": pipeline,
            "web_url": f"{self.web}/{path_of(name)}/-/jobs/{900_000 + index}",
            "project": {"ci_job_token_scope_enabled": False},
            "artifacts": [],
            "runner": None,
            "artifacts_expire_at": None,
            "archived": False,
            "tag_list": [],
        }


_ADA: dict[str, Any] = {"name": "Ada", "email": "ada@example.org"}
