"""What the hosts' GraphQL faces have in common.

- `paging`: connections, their windows, pages and cursors.
- `binding`: a schema's types and mutations, answered by classes and functions of the same names.
- `ruby`: refused documents in the words of graphql-ruby, which GitHub and GitLab both run.
- `running`: parse, validate, execute; a fault of the forge is raised, not answered.
"""
