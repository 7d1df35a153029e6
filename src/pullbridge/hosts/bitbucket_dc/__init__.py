"""Bitbucket Data Center."""
