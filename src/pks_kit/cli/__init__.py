"""The command line: options, languages, exit codes, tables. It reads files, secrets and clock.

Read ``main.py`` (the commands), ``output.py`` (errors to exit codes), then the command you need:
a command lives in the module of its name.
"""
