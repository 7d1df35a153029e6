"""Bitbucket Cloud, as the forge plays it: the API 2.0 over the neutral store and real git.

How a handler is added. A module of routes has `ROUTES = (Route(method=…, rule=…, answer=function), …)`; `app.MODULES`
names it. `rule` is what comes behind `/2.0`; `<workspace>` and `<slug>` in it are a repository by its names or its uuids,
`<int:id>` a pull request of it. The function takes an `asking.Ask` and returns an `asking.Answer`:

    def list_things(ask: Ask) -> Answer:
        pull = ask.pull                                        # 404 when there is none, or it is hidden
        return ask.paged(things(pull), lambda thing: shape(ask.shapes, thing))   # `q`, `sort`, `pagelen`, `page` alike

`ask.repository` is the repository, `ask.user` who asks (or `None`), `ask.me` the same or 401, `ask.role` what they may do
in it, `ask.body` the JSON that was sent, `ask.shapes` people, repositories and commits as JSON, `ask.knobs` what a test
turned, `ask.state` what Bitbucket alone remembers of the pull request. Scopes are the route's: `scope="pullrequest:write"`
in OAuth's words, `granular=` where an API token needs others. `fields=` is done behind every handler; what is left out
unless asked for is named in `Answer.hidden`. Refusals are raised: `errors.not_found(…)`, `errors.invalid("title", …)` and
so on; the store's own `Refused` becomes an answer by itself.
"""
