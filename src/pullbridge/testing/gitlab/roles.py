"""Access levels: https://docs.gitlab.com/user/permissions/"""

from __future__ import annotations

from pullbridge.testing.store import Repository, Role, Store, User, UserKind

GUEST, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 20, 30, 40, 50

LEVELS = {
    Role.NONE: 0,
    Role.READ: REPORTER,
    Role.TRIAGE: REPORTER,
    Role.WRITE: DEVELOPER,
    Role.MAINTAIN: MAINTAINER,
    Role.ADMIN: OWNER,
}


def level_of(store: Store, user: User | None, project: Repository) -> int:
    """A user's access level; 0 for who is no member, even where everybody may read."""
    if user is None or user.deleted or user.kind is UserKind.ORGANIZATION:
        return 0
    if user is not project.owner and project.members is not None and user.handle.lower() not in project.members:
        return 0
    return LEVELS[store.people.role(user, project)]


def sees(store: Store, user: User | None, project: Repository) -> bool:
    """Whether a user may see a project at all."""
    return store.people.role(user, project) is not Role.NONE


def members(store: Store, project: Repository) -> list[User]:
    """All who have an access level, oldest first."""
    people = sorted(store.people.users.values(), key=lambda user: user.id)
    return [user for user in people if level_of(store, user, project)]
