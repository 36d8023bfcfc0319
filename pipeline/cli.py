"""What the scripts share: Dutch argument errors, one map from exception to exit status, progress on the terminal."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from pipeline.errors import PipelineError

DONE, DONE_WITH_REJECTED, COULD_NOT_START, REFUSED = 0, 1, 2, 3

# argparse has no Dutch; these are all the complaints that our arguments can give.
COMPLAINTS = (
    (r"the following arguments are required: (.*)", r"verplicht en niet gegeven: \1"),
    (r"unrecognized arguments: (.*)", r"onbekend: \1"),
    (r"argument (.*): expected one argument", r"achter \1 hoort een waarde"),
    (r"argument (.*): expected at least one argument", r"achter \1 hoort minstens een waarde"),
    (r"argument (.*): invalid choice: (\S+) \(choose from (.*)\)", r"\1 kan niet \2 zijn; wel: \3"),
    (r"argument (.*): invalid .* value: (.*)", r"\1: \2 is geen geldige waarde"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 gaat niet samen met \2"),
    (r"argument (.*): ignored explicit argument (.*)", r"achter \1 hoort geen waarde (\2)"),
)


class DutchParser(argparse.ArgumentParser):
    """argparse with Dutch help and errors."""

    def __init__(self, description: str, example: str) -> None:
        super().__init__(
            description=description,
            epilog=f"voorbeeld:\n  {example}",
            formatter_class=_DutchHelp,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "wat u geeft"
        self._optionals.title = "keuzes"
        self.add_argument("-h", "--help", action="help", help="laat deze uitleg zien")

    def error(self, message: str) -> NoReturn:
        """Say in one Dutch line what is wrong with the arguments."""
        for english, dutch in COMPLAINTS:
            message = re.sub(f"^{english}$", dutch, message)
        self.exit(COULD_NOT_START, f"Fout: {message}. Meer uitleg: {self.prog} --help\n")


class _DutchHelp(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        super().add_usage(usage, actions, groups, prefix or "gebruik: ")


def run(main: Callable[[], int]) -> NoReturn:
    """Run a script's `main` and end with its exit status; expected errors become one line without traceback."""
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # that a connection was lost is said by the store, in Dutch
    try:
        status = main()
        sys.stdout.flush()
    except PipelineError as error:
        status = _complain(str(error))
    except KeyboardInterrupt:
        status = _complain("afgebroken; draai de opdracht gerust opnieuw")
    except BrokenPipeError:  # the reader (such as `head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    except OSError as error:
        status = _complain(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
    sys.exit(status)


def _complain(message: str) -> int:
    print(f"Fout: {' '.join(message.split())}", file=sys.stderr)
    return COULD_NOT_START


@contextmanager
def progress_line(what: str, unit: str) -> Iterator[Callable[..., None]]:
    """A line on the terminal that counts along; silent when nobody is watching."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console  # noqa: PLC0415  only when somebody is watching

    console = Console(stderr=True)
    with console.status(f"{what} ...") as status:

        def show(done: int, total: int = 0, step: str = "") -> None:
            of = f" van {total}" if total else ""
            status.update(f"{step or what}: {done}{of} {unit}")

        yield show
