"""Other files made of a log: backups, smaller ones, what could be read of a damaged one."""
