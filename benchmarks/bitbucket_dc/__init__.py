"""Bitbucket Data Center's answers, and who takes part in the tasks there."""
