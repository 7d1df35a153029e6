"""What can be done on this GitLab, with this credential, in this project, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.capabilities import Can, Capabilities, Limits
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.judgement import SPEECH, Connected, Facts, Home, Own, capabilities
from pullbridge.hosts.gitlab.versions import LOWEST
from pullbridge.hosts.learning import Learning
from pullbridge.model.merge import MergeMethod

__all__ = ["LIMITS", "LOWEST", "Features"]

#: https://docs.gitlab.com/administration/instance_limits/ (texts, files of a diff, reviewers); titles are Rails' strings.
LIMITS = Limits(body=1_048_576, title=255, files=3_000, search_results=50_000, reviewers=200)

#: The project's setting, and squashing beside it. https://docs.gitlab.com/user/project/merge_requests/methods/
#: A semi-linear history is one of merge commits, after a rebase that is asked for apart.
_METHODS = {"merge": MergeMethod.MERGE, "rebase_merge": MergeMethod.MERGE, "ff": MergeMethod.FAST_FORWARD}


class Features(Learning[Connected, Home]):
    """See `Learning`. `everywhere`: of the whole instance."""

    def __init__(self, connected: Callable[[], Connected], *, everywhere: bool = False) -> None:
        super().__init__(connected, Home, _judged, everywhere=everywhere)

    @property
    def level(self) -> int:
        """The least access level that I have."""
        home = self.facts()[1]
        return (home.level if home is not None else None) or 0

    def learn_project(self, project: payloads.Project) -> None:
        """My level, and the project's settings, as far as it shows them: to nobody in particular it shows few."""
        self.learn(
            seen=True,
            level=_level(project.permissions),
            creates=project.can_create_merge_request_in,
            private=None if project.visibility is None else project.visibility != "public",
            archived=project.archived,
            pulls=_pulls(project),
            forkable=None if project.forking_access_level is None else project.forking_access_level != "disabled",
            methods=_methods(project),
            # Only licensed projects show these: ee/lib/ee/api/entities/project.rb of GitLab
            premium=True if _is_licensed(project) else None,
            trains=project.merge_trains_enabled,
        )

    def learn_rights(self, project: payloads.GraphProject[Any] | None) -> None:
        """What GraphQL says that I may do, which counts all the ways to a role."""
        rights = project.user_permissions if project is not None else None
        if project is None or rights is None:
            return
        self.learn(
            seen=True,
            pushes=rights.push_code,
            creates=rights.create_merge_request_in,
            archived=project.archived,
            private=None if project.visibility is None else project.visibility.lower() != "public",
        )

    def learn_plan(self, *, premium: bool) -> None:
        """Whether an answer has shown what only paid plans have, or that it is not there."""
        self.learn(premium=premium)

    def of_pull(
        self,
        *,
        state: str,
        author: bool | None,
        draft: bool | None,
        locked: bool | None,
        rights: payloads.GraphPullRights | None,
    ) -> Capabilities:
        """What is known of one merge request. `state` is GitLab's word; `rights` tell most of it, where they are had."""
        told = {} if rights is None else _told(rights)
        own = Own(state=state, author=author, draft=draft, locked=locked, told=told)
        connected, home = self.facts()
        return capabilities(Facts(connected=connected, home=home, own=own))


def _judged(connected: Connected, home: Home | None) -> Capabilities:
    return capabilities(Facts(connected=connected, home=home))


def _level(permissions: payloads.Permissions | None) -> int | None:
    if permissions is None:
        return None
    held = (permissions.project_access, permissions.group_access)
    return max((each.access_level for each in held if each is not None), default=0)


def _pulls(project: payloads.Project) -> bool | None:
    if project.merge_requests_access_level == "disabled":
        return False
    return project.merge_requests_enabled


def _is_licensed(project: payloads.Project) -> bool:
    shown = (project.approvals_before_merge, project.merge_trains_enabled, project.merge_pipelines_enabled)
    return any(each is not None for each in shown)


def _methods(project: payloads.Project) -> frozenset[MergeMethod] | None:
    """https://docs.gitlab.com/user/project/merge_requests/squash_and_merge/#configure-squash-options-for-a-project"""
    own = _METHODS.get(project.merge_method or "")
    if own is None or project.squash_option is None:
        return None
    if project.squash_option == "always":
        return frozenset({MergeMethod.SQUASH})
    return frozenset({own} if project.squash_option == "never" else {own, MergeMethod.SQUASH})


def _told(rights: payloads.GraphPullRights) -> dict[Can, bool | None]:
    """https://docs.gitlab.com/api/graphql/reference/#mergerequestpermissions"""
    update, admin, push = rights.update_merge_request, rights.admin_merge_request, rights.push_to_source_branch
    return {
        **dict.fromkeys((Can.EDIT, Can.RETARGET, Can.CLOSE, Can.REOPEN, Can.DRAFTS), update),
        **dict.fromkeys((Can.LABELS, Can.ASSIGNEES, Can.MILESTONES, Can.REVIEWERS, Can.LOCK), admin),
        **dict.fromkeys((Can.MERGE, Can.AUTO_MERGE), rights.can_merge),
        Can.APPROVE: rights.can_approve,
        **dict.fromkeys(SPEECH, rights.create_note),
        **dict.fromkeys((Can.UPDATE_BRANCH, Can.APPLY_SUGGESTION), push),
    }
