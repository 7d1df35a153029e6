"""All operations of reviews, for `app`."""

from __future__ import annotations

from pullbridge.testing.gitlab import (
    approvals,
    awards,
    changes,
    discussions,
    draft_notes,
    notes,
    pipelines,
    resource_events,
    reviewers,
    statuses,
    suggestions,
    versions,
)
from pullbridge.testing.gitlab.asking import Route

ROUTES: tuple[Route, ...] = (
    *versions.ROUTES,
    *changes.ROUTES,
    *discussions.ROUTES,
    *notes.ROUTES,
    *draft_notes.ROUTES,
    *suggestions.ROUTES,
    *awards.ROUTES,
    *approvals.ROUTES,
    *reviewers.ROUTES,
    *pipelines.ROUTES,
    *statuses.ROUTES,
    *resource_events.ROUTES,
)
