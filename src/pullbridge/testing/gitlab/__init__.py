"""GitLab, as the forge plays it: REST v4 and GraphQL over the neutral store and real git.

How a handler is added. A module of routes has `ROUTES = (Route(method=…, rule=…, answer=function), …)`; `app.MODULES`
names it. `rule` is what comes behind `/api/v4`; `<project>` in it is a project by its number or encoded path, `<int:iid>`
a merge request of it. The function takes an `asking.Ask` and returns an `asking.Answer`:

    def list_things(ask: Ask) -> Answer:
        pull = ask.pull                                        # 404 when there is none, or it is hidden
        state = ask.choice("state", ("opened", "all"), "all")  # query, JSON or form alike, checked as Grape does
        return ask.paged(things(pull), lambda thing: shape(ask.shapes, thing))

`ask.project` is the project, `ask.user` who asks (or `None`), `ask.me` the same or 401, `ask.level` the access level,
`ask.store` the neutral store, `ask.shapes` people, projects and merge requests as JSON, `ask.knobs` what a test turned,
`ask.at_least(15, 7)` and `ask.licensed("premium")` what the instance is, `ask.state` what GitLab alone remembers of the
merge request. Refusals are raised: `errors.not_found("Project")`, `errors.forbidden()` and so on; the store's own
`Refused` becomes an answer by itself.

A whole door of its own (GraphQL) is a function `(App, Request, Token | None) -> Answer` in `app.DOORS`.
"""
