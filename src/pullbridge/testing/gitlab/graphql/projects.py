"""Projects, their namespaces, labels, milestones and members."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab.app import API
from pullbridge.testing.gitlab.graphql.errors import Refusal
from pullbridge.testing.gitlab.graphql.listing import Filters, listed
from pullbridge.testing.gitlab.graphql.nodes import Node, number_of, record_of, viewed
from pullbridge.testing.gitlab.graphql.people import UserCore
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.gitlab.project_shapes import full_project
from pullbridge.testing.gitlab.roles import DEVELOPER, MAINTAINER, OWNER, REPORTER, level_of, members
from pullbridge.testing.gitlab.shapes import Shapes
from pullbridge.testing.store import PullRequest, UserKind, records

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking
    from pullbridge.testing.gitlab.graphql.interaction import UserMergeRequestInteraction

#: What takes less or more than being a developer, in the words of `ProjectPermissions`.
_EVERYBODY = frozenset(
    (
        "create_issue",
        "create_merge_request_in",
        "create_snippet",
        "download_code",
        "download_wiki_code",
        "fork_project",
        "read_commit_status",
        "read_design",
        "read_merge_request",
        "read_pages_content",
        "read_project",
        "read_project_member",
        "read_wiki",
        "request_access",
        "upload_file",
    )
)
_LEVELS = {
    **dict.fromkeys(("create_label", "read_cycle_analytics"), REPORTER),
    **dict.fromkeys(
        (
            "admin_operations",
            "admin_project",
            "admin_remote_mirror",
            "admin_wiki",
            "push_to_delete_protected_branch",
            "rename_project",
            "update_pages",
            "destroy_pages",
            "remove_pages",
            "create_pages",
        ),
        MAINTAINER,
    ),
    **dict.fromkeys(
        (
            "archive_project",
            "change_namespace",
            "change_visibility_level",
            "remove_fork_project",
            "remove_project",
        ),
        OWNER,
    ),
}


@view
class ProjectPermissions:
    """What who asks may do in a project."""

    def __init__(self, ask: Asking, project: records.Repository) -> None:
        self._level = ask.level(project)

    def __getattr__(self, name: str) -> bool:
        return name in _EVERYBODY or self._level >= _LEVELS.get(name, DEVELOPER)


@view
class Namespace(Node[records.User]):
    """What a project lies in: a group, or an account's own."""

    model = "Namespace"
    description = description_html = None
    lfs_enabled = request_access_enabled = True

    @property
    def full_path(self) -> str:
        return self.record.handle

    @property
    def path(self) -> str:
        return self.record.handle.rpartition("/")[2]

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def full_name(self) -> str:
        return self.record.handle.replace("/", " / ")

    @property
    def visibility(self) -> str:
        return "public"


@view
class Group(Namespace):
    """A group."""

    model = "Group"
    avatar_url = None

    @property
    def web_url(self) -> str:
        return f"{self.ask.web}/groups/{self.record.handle}"

    @property
    def parent(self) -> Group | None:
        above = self.ask.store.people.find(self.record.handle.rpartition("/")[0])
        return None if above is None else Group(self.ask, above)


@view
class Repository:
    """A project's git."""

    exists = True

    def __init__(self, project: records.Repository) -> None:
        self._project = project

    @property
    def root_ref(self) -> str:
        return self._project.default_branch

    @property
    def empty(self) -> bool:
        return not self._project.git.branches()

    def branch_names(self, search_pattern: str, offset: int, limit: int) -> list[str]:
        """The branches that fit a pattern."""
        found = [name for name in sorted(self._project.git.branches()) if fnmatch.fnmatchcase(name, search_pattern)]
        return found[offset : offset + limit]


class Titled(Node[Any]):
    """A label or milestone of a project: as REST has it, but for the times."""

    def __init__(self, ask: Asking, project: records.Repository, record: Any) -> None:
        super().__init__(ask, record)
        self.project = project

    @property
    def description_html(self) -> str:
        return self.record.description or ""

    @property
    def description(self) -> str | None:
        found: str | None = self.record.description
        return found

    @property
    def created_at(self) -> datetime:
        return getattr(self.record, "created_at", self.project.created_at)

    @property
    def updated_at(self) -> datetime:
        return self.created_at


@view
class Label(Titled):
    """A label."""

    model = "ProjectLabel"
    text_color = "#FFFFFF"

    @property
    def title(self) -> str:
        name: str = self.record.name
        return name

    @property
    def color(self) -> str:
        return f"#{self.record.color.removeprefix('#')}"


@view
class Milestone(Titled):
    """A milestone."""

    expired = group_milestone = subgroup_milestone = False
    project_milestone = True
    start_date = None

    @property
    def iid(self) -> str:
        return str(self.record.number)

    @property
    def title(self) -> str:
        title: str = self.record.title
        return title

    @property
    def state(self) -> str:
        return "active" if self.record.state == "open" else "closed"

    @property
    def due_date(self) -> datetime | None:
        when: datetime | None = self.record.due_on
        return when

    @property
    def web_path(self) -> str:
        return f"{self.ask.app.root}/{self.project.path}/-/milestones/{self.record.number}"


_WORDS = {10: "GUEST", 20: "REPORTER", 30: "DEVELOPER", 40: "MAINTAINER", 50: "OWNER"}


@view
class AccessLevel:
    """An access level: https://docs.gitlab.com/user/permissions/."""

    def __init__(self, level: int) -> None:
        self.integer_value = level
        self.string_value: str = _WORDS[level]


@view
class ProjectMember(Node[records.User]):
    """Somebody with an access level in a project."""

    created_by = expires_at = None

    def __init__(self, ask: Asking, project: records.Repository, user: records.User) -> None:
        super().__init__(ask, user)
        self._project = project

    @property
    def access_level(self) -> AccessLevel:
        return AccessLevel(level_of(self.ask.store, self.record, self._project))

    @property
    def user(self) -> UserCore:
        return UserCore(self.ask, self.record)

    @property
    def project(self) -> Project:
        return Project(self.ask, self._project)

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def updated_at(self) -> datetime:
        return self.record.created_at

    @property
    def user_permissions(self) -> ProjectPermissions:
        return ProjectPermissions(self.ask, self._project)

    def merge_request_interaction(self, id: str) -> UserMergeRequestInteraction:
        """What they have to do with a merge request."""
        pull = record_of(self.ask, id, PullRequest, "MergeRequest")
        found: UserMergeRequestInteraction = viewed("UserMergeRequestInteraction", self.ask, (self.record, pull))
        return found


@view
class Project(Node[records.Repository]):
    """A project. Its settings are those that REST tells, by the same names."""

    @cached_property
    def _settings(self) -> dict[str, Any]:
        viewer = self.ask.viewer or self.record.owner  # REST keeps the settings from nobody; GraphQL does not
        shapes = Shapes(self.ask.app, api=self.ask.web + API, web=self.ask.web, viewer=viewer)
        return full_project(shapes, self.record)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._settings[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def full_path(self) -> str:
        return self.record.path

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def last_activity_at(self) -> datetime:
        return self.record.pushed_at or self.record.created_at

    @property
    def description_html(self) -> str:
        return self.record.description or ""

    @property
    def namespace(self) -> Namespace:
        return Namespace(self.ask, self.record.owner)

    @property
    def group(self) -> Group | None:
        owner = self.record.owner
        return Group(self.ask, owner) if owner.kind is UserKind.ORGANIZATION else None

    @property
    def merge_requests_ff_only_enabled(self) -> bool:
        return bool(self._settings["merge_method"] == "ff")

    @property
    def squash_read_only(self) -> bool:
        return self._settings["squash_option"] in {"always", "never"}

    @property
    def repository(self) -> Repository:
        return Repository(self.record)

    @property
    def user_permissions(self) -> ProjectPermissions:
        return ProjectPermissions(self.ask, self.record)

    # -- what is in it -------------------------------------------------------------------------------------------------

    def merge_request(self, iid: str) -> Any:
        """A merge request by its number."""
        found = self.ask.pull(self.record, iid)
        return None if found is None else viewed("MergeRequest", self.ask, found)

    def merge_requests(self, **filters: Any) -> Sequence[Any]:
        """The merge requests that fit, newest first unless sorted otherwise."""
        chosen = listed(self.ask, self.record.pulls.values(), Filters(**filters))
        return [viewed("MergeRequest", self.ask, pull) for pull in chosen]

    def label(self, title: str) -> Label | None:
        """A label by its name."""
        found = self.record.labels.get(title.lower())
        return None if found is None else Label(self.ask, self.record, found)

    def labels(self, search_term: str | None = None, **_more: Any) -> list[Label]:
        """Its labels, by name."""
        text = (search_term or "").lower()
        found = sorted(self.record.labels.values(), key=lambda label: label.name)
        return [Label(self.ask, self.record, label) for label in found if text in label.name.lower()]

    def milestones(
        self, title: str | None = None, search_title: str | None = None, ids: Sequence[str] | None = None, **more: Any
    ) -> list[Milestone]:
        """Its milestones."""
        state, numbers = more.get("state"), [number_of(one, "Milestone") for one in ids or ()]
        every = [Milestone(self.ask, self.record, found) for found in self.record.milestones.values()]
        return [
            one
            for one in every
            if title in {None, one.title}
            and (search_title or "").lower() in one.title.lower()
            and state in {None, one.state}
            and (not numbers or str(one.record.id) in numbers)
        ]

    def project_members(self, search: str | None = None, **_more: Any) -> list[ProjectMember]:
        """Who has an access level."""
        text = (search or "").lower()
        found = [u for u in members(self.ask.store, self.record) if text in u.handle.lower() or text in u.name.lower()]
        return [ProjectMember(self.ask, self.record, user) for user in found]

    def pipelines(self, **filters: Any) -> Sequence[Any] | None:
        """Its pipelines, newest first."""
        from pullbridge.testing.gitlab.graphql.pipelines import pipelines_of  # noqa: PLC0415 - they have projects

        return pipelines_of(self.ask, self.record, filters)

    def pipeline(self, iid: str | None = None, sha: str | None = None) -> Any:
        """The newest pipeline of that number, or of that commit."""
        if (iid is None) == (sha is None):
            raise Refusal("Provide one of an IID or SHA")
        found = self.pipelines(**({"iid": iid} if iid else {"sha": sha})) or ()
        return next(iter(found), None)
