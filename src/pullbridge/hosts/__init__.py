"""One folder a host, with the same file names in each; none knows another."""
