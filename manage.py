#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

CLOSED_PIPE = 141  # what a shell sees of a program that SIGPIPE ended


def main() -> None:
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has had enough, as `head` does. What is left unwritten goes nowhere, or Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
