"""Run as python -m foldline, and the first file of the bundle."""

import sys

from foldline import main

if __name__ == "__main__":
    sys.exit(main())
