"""`python -m capaian`: the command line without an installed script."""

import sys

from capaian.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
