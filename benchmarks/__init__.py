"""How fast, beside the libraries that one could use instead: `python -m benchmarks`."""
