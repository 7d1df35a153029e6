"""Bitbucket Cloud: bitbucket.org. What people run themselves is another product, with another API: Data Center."""
