"""The verb `engines` as a job: python -P -m resources.engines.engines_process engines up kafka.

Only this one knows which servers can be started on this machine.
"""

import sys

from replay import command_line
from resources.engines.catalog import ENGINES

if __name__ == "__main__":
    sys.exit(command_line.run(sys.argv[1:], engines=ENGINES))
