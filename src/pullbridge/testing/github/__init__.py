"""GitHub's protocol over the store: REST at `/` and `/api/v3`, GraphQL at `/graphql` and `/api/graphql`."""
