"""GitLab: gitlab.com, and instances of one's own, below a path of their origin too."""
