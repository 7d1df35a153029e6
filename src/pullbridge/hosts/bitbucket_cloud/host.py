"""Bitbucket Cloud: who I am, what waits for me, its repositories. https://developer.atlassian.com/cloud/bitbucket/rest/"""

from __future__ import annotations

from typing import ClassVar

from pullbridge import errors
from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Can, Limits
from pullbridge.hosts.bitbucket_cloud import inbox, probing, whoami, wire
from pullbridge.hosts.bitbucket_cloud.abilities import RULES
from pullbridge.hosts.bitbucket_cloud.addresses import addresses
from pullbridge.hosts.bitbucket_cloud.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_cloud.branches import CloudBranches
from pullbridge.hosts.bitbucket_cloud.checks import CloudChecks
from pullbridge.hosts.bitbucket_cloud.features import LIMITS, Features
from pullbridge.hosts.bitbucket_cloud.files import CloudFiles
from pullbridge.hosts.bitbucket_cloud.people import CloudReviewers
from pullbridge.hosts.bitbucket_cloud.pulls import CloudPulls
from pullbridge.hosts.bitbucket_cloud.reviews import CloudReviews
from pullbridge.hosts.bitbucket_cloud.tasks import CloudTasks
from pullbridge.hosts.bitbucket_cloud.threads import CloudThreads
from pullbridge.hosts.bitbucket_cloud.tokens import sign
from pullbridge.hosts.encoding import quoted
from pullbridge.hosts.hosting import HostBase, RepositoryBase
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Opening


class BitbucketCloudHost(HostBase[Api, Features]):
    """`ports.HostPort`."""

    def __init__(self, opening: Opening) -> None:
        place = addresses(opening.web, opening.settings.api_url)
        api = Api(place, Signing(opening.credentials, sign), opening.settings)
        super().__init__(api, Features(api.connected, everywhere=True))
        self._ref = RepoRef(web=place.web, path=wire.ANYWHERE, kind="bitbucket-cloud")

    def repository(self, ref: RepoRef) -> BitbucketCloudRepository:
        """One repository; `Rejected` for a path of other than two parts."""
        if ref.path.count("/") != 1:
            problem = "a path on Bitbucket Cloud has two parts"
            raise errors.Rejected(f"{ref} is no repository.", problems=(problem,), next_step="Write workspace/name.")
        return BitbucketCloudRepository(RepositoryApi(self._api, ref), Features(self._api.connected))

    def viewer(self) -> Person:
        return whoami.viewer(self._api)

    def version(self) -> str | None:
        """None: it is a service."""
        return None

    def _forget(self) -> None:
        self._api.known.forget()
        self._api.viewers.forget()

    def _ask(self) -> None:
        """One request, whose headers tell what was granted."""
        probing.of_host(self._api)

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        return inbox.inbox(self._api, self._ref, role)

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        """Never: there is nothing to search pull requests by."""
        answer = RULES[Can.SEARCH].answer
        reason = answer.reason if answer is not None else ""
        text = f"Bitbucket Cloud cannot do this: {reason}."
        raise errors.Unsupported(text, can=Can.SEARCH, reason=reason, host=self._api.host)


class BitbucketCloudRepository(RepositoryBase[RepositoryApi, Features]):
    """`ports.RepositoryPort`."""

    limits: ClassVar[Limits] = LIMITS

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        super().__init__(api, features)
        self.pulls: CloudPulls = CloudPulls(api, features)
        self.files: CloudFiles = CloudFiles(api)
        self.threads: CloudThreads = CloudThreads(api)
        self.reviews: CloudReviews = CloudReviews(api)
        self.reviewers: CloudReviewers = CloudReviewers(api)
        self.checks: CloudChecks = CloudChecks(api)
        self.branches: CloudBranches = CloudBranches(api)
        self.tasks: CloudTasks = CloudTasks(api)

    def _forget(self) -> None:
        self._api.api.known.forget()

    def _ask(self) -> None:
        """The repository and my right in it, at once; the answers' headers tell what was granted."""
        probing.of_repository(self._api, self._features)

    def pull_ref(self, number: int) -> str | None:
        """There is none: https://jira.atlassian.com/browse/BCLOUD-5814 asks for one."""
        del number
        return None

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """Lines are named in the fragment: https://support.atlassian.com/bitbucket-cloud/docs/hyperlink-to-source-code-in-bitbucket/"""
        lines = "" if start is None else f"#lines-{start}" + (f":{end}" if end is not None and end != start else "")
        return f"{self._api.ref.url}/src/{quoted(commit, safe='/')}/{quoted(path, safe='/')}{lines}"
