"""What a test may turn of GraphQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass
class GraphqlKnobs:
    """Settings of the instance.

    fine_grained: what a fine-grained token gets: `nothing` (no project, no account, and no error), `refused` (the same with
        an error) or `part` (the project and the merge request, without people, pipelines, commits and notes). What it gets
        of GitLab is being extended (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/255554); a null is no "no".
    """

    fine_grained: Literal["nothing", "refused", "part"] = "nothing"
