"""Processes ended at random moments of whatever writes, and what must hold afterwards.

Short, as CI runs it: tests/crash/test_campaign.py. Long, by hand:

    python -m tests.crash.campaign --kills 1000
    python -m tests.crash.campaign --kills 200 --kind dispatch --seed 7
    python -m tests.crash.campaign --kills 100 --full          (the disk is full instead)

It prints a line a kind: how many processes were killed, in how many of them something had been
acknowledged, and each fault with the folder that shows it, which is kept. Exit code 1 with a fault.
Linux only: it forks, and adopts what its victims leave behind.
"""
