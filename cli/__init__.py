"""The ``sct`` command, one module a subcommand; installed as the package ``sct_cli``.

In: the arguments of the command line. Out: text on standard output, messages on standard error, an exit code.
"""
