"""A verb of the command line as a job: python -P -m replay.workers.job_process VERB …"""

import sys

from replay import command_line

if __name__ == "__main__":
    sys.exit(command_line.run(sys.argv[1:]))
