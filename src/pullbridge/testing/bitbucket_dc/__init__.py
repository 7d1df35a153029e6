"""Bitbucket Data Center, as the forge plays it: its REST over the neutral store and real git.

How a handler is added. A module of routes has `ROUTES = (Route(method=…, rule=…, answer=function), …)`; `app.MODULES`
names it. `rule` is what comes behind `/rest/<service>/<version>`, `service` is `api` unless said; `asking.REPO` in it is a
repository by its project's key (or `~user`) and slug, `asking.PULL` a pull request of it. The function takes an
`asking.Ask` and returns an `asking.Answer`:

    def list_things(ask: Ask) -> Answer:
        pull = ask.pull                                  # 404 when there is none, or it is hidden
        order = ask.choice("order", ("NEWEST", "OLDEST"), "NEWEST")
        return ask.paged(things(pull), ask.shapes.thing, most=100)

`ask.repository` is the repository, `ask.user` who asks (or `None`), `ask.me` the same or 401, `ask.store` the neutral
store, `ask.shapes` records as JSON, `ask.knobs` what a test turned, `ask.state` what Bitbucket alone remembers of the pull
request, `ask.body` the JSON that was sent, `ask.need(Level.WRITE)` a permission. A route names the permission that it needs
and the product versions that have it. Refusals are raised: `errors.conflict(…)` and so on.
"""
