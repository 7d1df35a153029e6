"""`python -m pullbridge`: the command line."""

import sys

from pullbridge.cli import main

if __name__ == "__main__":
    sys.exit(main())
