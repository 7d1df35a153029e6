"""Scripts for whoever works on this project; no part of the package."""
