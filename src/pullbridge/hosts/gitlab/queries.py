"""The GraphQL documents. Every one is validated by the tests against what GitLab publishes of its schema.

GitLab limits a document to 10,000 characters, a depth of 15, and a complexity of 250 (200 for nobody in particular): one for
a field, and more for what reads git or a list. https://docs.gitlab.com/api/graphql/#limits

REST has what GraphQL lacks (ranges of lines, suggestions, patches, parents of commits), so these documents ask only for what
REST lacks or takes many requests for: who I am and what I may do, the standing of reviewers, jobs with their pipelines.
"""

from __future__ import annotations

import re

_WHO = """
fragment Who on User { id username name avatarUrl webUrl bot }"""

#: Approval rules are Premium: the Community Edition does not have the fields, and is asked again without them.
#: https://docs.gitlab.com/user/project/merge_requests/approvals/rules/
_STANDING = """
fragment Standing on MergeRequest {
  approvedBy(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...Who } }
  reviewers(first: 100) {
    pageInfo { hasNextPage endCursor }
    nodes { ...Who mergeRequestInteraction { reviewState approved } }
  }
  approvalState {
    rules { name approvalsRequired approved approvedBy(first: 100) { nodes { id } } eligibleApprovers { ...Who } }
  }
}"""

#: Reports of others are jobs, too, and tell their address and description by their status.
#: https://docs.gitlab.com/ci/ci_cd_for_external_repos/external_commit_statuses/
_JOB = """
fragment JobFields on CiJob {
  id name status allowFailure createdAt startedAt finishedAt
  detailedStatus { label tooltip detailsPath }
}"""

_PIPELINE = """
fragment PipelineFields on Pipeline {
  iid project { fullPath }
  jobs(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...JobFields } }
}"""

#: The pipeline of merged results runs on a commit of its own, and reports of others hang on the head's own pipelines.
#: https://docs.gitlab.com/ci/pipelines/merged_results_pipelines/
_CHECKS = """
fragment ChecksFields on MergeRequest {
  diffHeadSha
  headPipeline { id ...PipelineFields }
  commits(first: 1) { nodes { sha pipelines(first: 5) { nodes { id ...PipelineFields } } } }
}"""

_FRAGMENTS = {
    re.match(r"\nfragment (\w+)", text)[1]: text  # type: ignore[index]  # each begins with its name
    for text in (_WHO, _STANDING, _JOB, _PIPELINE, _CHECKS)
}


def _whole(document: str) -> str:
    """Append the fragments that a document uses, and those that they use."""
    known = re.findall(r"\.\.\.([A-Z]\w+)", document)
    for name in known:
        known += [inner for inner in re.findall(r"\.\.\.([A-Z]\w+)", _FRAGMENTS[name]) if inner not in known]
    return document + "".join(_FRAGMENTS[name] for name in dict.fromkeys(known))


def _about_one(operation: str, selection: str, more: str = "", beside: str = "", around: str = "") -> str:
    """A query about one merge request: `beside` its project, and `around` it there."""
    return _whole(
        f"query {operation}($fullPath: ID!, $iid: String!{more}) {{{beside}"
        f"\n  project(fullPath: $fullPath) {{{around}\n    mergeRequest(iid: $iid) {{{selection}\n    }}\n  }}\n}}"
    )


_ME = "\n  currentUser { ...Who }"
_SETTINGS = "\n    onlyAllowMergeIfPipelineSucceeds"

PANEL = _about_one(
    "PullPanel",
    """
      ...Standing ...ChecksFields
      sourceProject { fullPath }
      diffStats { path additions deletions }
      userPermissions {
        adminMergeRequest canApprove canMerge createNote pushToSourceBranch readMergeRequest updateMergeRequest
      }""",
    beside=_ME,
    around=f"{_SETTINGS} archived visibility userPermissions {{ pushCode createMergeRequestIn }}",
)
REVIEWERS = _about_one("PullReviewers", "\n      ...Standing")
CHECKS = _about_one("PullChecks", "\n      ...ChecksFields", around=_SETTINGS)
DIFF_STATS = _about_one("PullDiffStats", "\n      diffHeadSha diffStats { path additions deletions }")

MORE_REVIEWERS = _about_one(
    "PullMoreReviewers",
    """
      reviewers(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...Who mergeRequestInteraction { reviewState approved } }
      }""",
    ", $after: String",
)
MORE_APPROVERS = _about_one(
    "PullMoreApprovers",
    "\n      approvedBy(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...Who } }",
    ", $after: String",
)
JOBS = _whole(
    "query PipelineJobs($fullPath: ID!, $iid: ID!, $after: String) {\n  project(fullPath: $fullPath) {"
    "\n    pipeline(iid: $iid) {\n      jobs(first: 100, after: $after) {"
    " pageInfo { hasNextPage endCursor } nodes { ...JobFields } }\n    }\n  }\n}"
)

_AWARDS = "nodes { id awardEmoji(first: 100) { pageInfo { hasNextPage } nodes { name user { id } } } }"
#: The first notes and the last ones at once, so that most merge requests need no second request.
REACTIONS = _about_one(
    "PullReactions",
    f"""
      notes(first: 100) {{ pageInfo {{ hasNextPage endCursor }} {_AWARDS} }}
      newest: notes(last: 100) {{ {_AWARDS} }}""",
)
MORE_REACTIONS = _about_one(
    "PullMoreReactions",
    f"\n      notes(first: 100, after: $after) {{ pageInfo {{ hasNextPage endCursor }} {_AWARDS} }}",
    ", $after: String",
)
#: What REST's lists leave out of their rows, for a page of them at once.
ROWS = (
    "query PullRows($fullPath: ID!, $iids: [String!]) {\n  project(fullPath: $fullPath) {"
    "\n    mergeRequests(iids: $iids, first: 100) {"
    " nodes { iid headPipeline { status } sourceProject { fullPath } } }\n  }\n}"
)
#: My rights in a project, which REST tells only as far as they come by a membership of its own or its group's.
RIGHTS = (
    "query ProjectRights($fullPath: ID!) {\n  project(fullPath: $fullPath) {"
    "\n    archived visibility userPermissions { pushCode createMergeRequestIn }\n  }\n}"
)

REQUEST_CHANGES = (
    "mutation RequestChanges($input: MergeRequestRequestChangesInput!) {"
    "\n  mergeRequestRequestChanges(input: $input) { errors }\n}"
)
TAKE_BACK_CHANGES = (
    "mutation TakeBackChanges($input: MergeRequestDestroyRequestedChangesInput!) {"
    "\n  mergeRequestDestroyRequestedChanges(input: $input) { errors }\n}"
)
ASK_ANEW = (
    "mutation AskAnew($input: MergeRequestReviewerRereviewInput!) {"
    "\n  mergeRequestReviewerRereview(input: $input) { errors }\n}"
)
