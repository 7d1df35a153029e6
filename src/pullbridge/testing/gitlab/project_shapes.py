"""A project with all its settings: https://docs.gitlab.com/api/projects/#get-a-single-project"""

from __future__ import annotations

from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.gitlab.shapes import Json, Shapes, stamp
from pullbridge.testing.store import Repository, UserKind


def merge_method(shapes: Shapes, project: Repository) -> str:
    """How merges are made: `merge`, `rebase_merge` (semi-linear) or `ff`."""
    return shapes.app.merge_method(project)


def squash_option(shapes: Shapes, project: Repository) -> str:
    """Whether commits are squashed: `never`, `always`, `default_on` or `default_off`."""
    turned = shapes.app.knobs.squash_option
    if turned is not None:
        return turned
    if not project.allow_squash:
        return "never"
    return "default_off" if project.allow_merge or project.allow_rebase else "always"


def full_project(shapes: Shapes, project: Repository) -> Json:
    """`Project`, or `ProjectWithAccess` for who is signed in; without an account, only the basic details."""
    basic = shapes.simple_project(project)
    if shapes.viewer is None:
        return basic
    url = shapes.project_url(project)
    shown: Json = {
        **basic,
        "container_registry_image_prefix": f"registry.example.com/{project.path.lower()}",
        "_links": {
            "self": url,
            "issues": f"{url}/issues",
            "merge_requests": f"{url}/merge_requests",
            "repo_branches": f"{url}/repository/branches",
            "labels": f"{url}/labels",
            "events": f"{url}/events",
            "members": f"{url}/members",
        },
        "packages_enabled": True,
        "empty_repo": not project.git.branches(),
        "archived": project.archived,
        **_settings(shapes, project),
        "permissions": _permissions(shapes, project),
    }
    if project.owner.kind is not UserKind.ORGANIZATION:
        shown["owner"] = shapes.user(project.owner)
    if project.parent is not None and not project.parent.deleted:
        shown["forked_from_project"] = shapes.simple_project(project.parent)
    return shown


def _settings(shapes: Shapes, project: Repository) -> Json:
    levels = ("issues", "repository", "merge_requests", "forking", "wiki", "builds", "snippets", "pages")
    rules = project.protections.values()
    shown: Json = {
        "resolve_outdated_diff_discussions": False,
        "issues_enabled": True,
        "merge_requests_enabled": True,
        "wiki_enabled": True,
        "jobs_enabled": True,
        "snippets_enabled": True,
        "can_create_merge_request_in": shapes.level(project) >= DEVELOPER or not project.private,
        **{f"{name}_access_level": "enabled" for name in levels},
        "emails_disabled": False,
        "shared_runners_enabled": True,
        "lfs_enabled": True,
        "creator_id": project.owner.id,
        "import_url": None,
        "import_type": None,
        "import_status": _import_status(shapes, project),
        "import_error": None,
        "open_issues_count": 0,
        "updated_at": stamp(project.pushed_at or project.created_at),
        "ci_default_git_depth": 20,
        "ci_job_token_scope_enabled": False,
        "public_jobs": True,
        "build_timeout": 3600,
        "auto_cancel_pending_pipelines": "enabled",
        "ci_config_path": "",
        "shared_with_groups": [],
        "only_allow_merge_if_pipeline_succeeds": any(rule.checks for rule in rules),
        "allow_merge_on_skipped_pipeline": False,
        "request_access_enabled": True,
        "only_allow_merge_if_all_discussions_are_resolved": shapes.app.knobs.discussions_must_be_resolved,
        "remove_source_branch_after_merge": project.delete_branch_on_merge,
        "printing_merge_request_link_enabled": True,
        "merge_method": merge_method(shapes, project),
        "squash_option": squash_option(shapes, project),
        "suggestion_commit_message": None,
        "merge_commit_template": None,
        "squash_commit_template": None,
        "autoclose_referenced_issues": True,
    }
    if shapes.app.version.enterprise:
        shown |= {
            "approvals_before_merge": max((rule.reviews for rule in rules), default=0),
            "mirror": False,
            "external_authorization_classification_label": "",
            "merge_pipelines_enabled": False,
            "merge_trains_enabled": any(rule.queue for rule in rules),
            "only_allow_merge_if_all_status_checks_passed": False,
        }
    return shown


def _import_status(shapes: Shapes, project: Repository) -> str:
    left = shapes.app.states.imports.get(project)
    if left is None:
        return "none"
    return "started" if left > 0 else "finished"


def _permissions(shapes: Shapes, project: Repository) -> Json:
    """A level is of the project, or inherited from its group; here it is always the project's own."""
    level = shapes.level(project)
    shown = {"access_level": level, "notification_level": 3} if level else None
    return {"project_access": shown, "group_access": None}
