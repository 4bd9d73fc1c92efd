"""What the scripts share: their arguments, and how they end."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from threadbook.errors import EXIT_BAD_INPUT, InputError


def book_parser(description: str) -> argparse.ArgumentParser:
    """Return a parser with the arguments that every script takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--book",
        type=Path,
        default=Path.cwd(),
        metavar="DIR",
        help="the folder of the book (default: this folder)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where to write (default: the book's folder)"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes to use (default: one a core)",
    )
    return parser


def run_command(main: Callable[[], str]) -> int:
    """Run a script, print the line it returns, and return its exit code.

    Bad input prints its one line on stderr and gives exit code 2; nothing has been written.
    Ctrl-C gives 130, as shells do.
    """
    try:
        print(main())  # noqa: T201
    except InputError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("interrupted; what was finished is kept", file=sys.stderr)  # noqa: T201
        return 130
    return 0
