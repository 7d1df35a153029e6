"""Credentials: what signs a request, and where it comes from. Nothing here talks to a host by itself."""
