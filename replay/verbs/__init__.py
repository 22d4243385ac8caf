"""The verbs of the command line, one a file: each defines HELP, add_arguments and run.

A verb is named for its file, without the underscore that keeps `import` from being a keyword.
"""
