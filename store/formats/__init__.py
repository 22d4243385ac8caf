"""Event-file formats, one a file; each defines FORMAT and is found by being in this folder."""
