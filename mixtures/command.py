"""``python -m mixtures fit``: a mixture of Gaussians for a table of numbers.

In: a file of comma-separated values. Out: the parameters on standard output, as tables or JSON, a picture if one is
wanted, messages on standard error, an exit code. The picture is written whole or not at all.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import sys
import tempfile
import warnings
from collections.abc import Sequence
from typing import Any, NoReturn

from mixtures.errors import Unusable, UsageError
from mixtures.table import Table, read

OK, USAGE = 0, 2
_INTERRUPTED, _BROKEN_PIPE = 130, 141
_EPILOG = "exit codes: 0 ok, 2 usage, 123 a file that cannot be read, fitted or written"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong."""
        raise UsageError(f"{self.prog}: {message} ({self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    try:
        _fit(_parser().parse_args(argv))
        sys.stdout.flush()
    except Unusable as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except SystemExit as end:  # argparse, after --help
        return end.code if isinstance(end.code, int) else USAGE
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m mixtures", description="Mixtures of Gaussians for tables of numbers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    fit = commands.add_parser("fit", help="fit a mixture to the rows of a file", epilog=_EPILOG)
    add = fit.add_argument
    add(
        "file",
        metavar="FILE",
        help="comma-separated values, or - for standard input; a first line without numbers"
        " holds the names of columns",
    )
    add("--components", type=_positive, default=1, metavar="K", help="how many Gaussians (1)")
    add("--columns", metavar="NAMES", help="the columns to fit, by name or by number from 1, such as a,b (all)")
    add("--covariance-type", choices=("full", "tied", "diag", "spherical"), default="full", help="(full)")
    add("--solver", choices=("em", "lbfgs", "em+lbfgs", "hard"), default="em", help="(em)")
    add(
        "--tol",
        type=_not_negative,
        default=1e-3,
        metavar="T",
        help="the change of the average log-likelihood in an" " iteration that ends the fit (0.001)",
    )
    add("--max-iter", type=_positive, default=100, metavar="N", help="the greatest number of iterations (100)")
    add("--n-init", type=_positive, default=1, metavar="N", help="how many starts, of which the best is kept (1)")
    add("--seed", type=_seed, default=0, metavar="S", help="of the random numbers for starts (0)")
    add("--json", action="store_true", help="print the parameters as JSON")
    add(
        "--plot",
        metavar="FILE",
        help="draw the rows and the components, of the first two columns; the name says in"
        " which format: .png, .pdf, .svg",
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 2**32 - 1")
    return int(text)


def _not_negative(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")
    return number


def _fit(given: argparse.Namespace) -> None:
    try:
        from mixtures import GaussianMixture, summary
    except ImportError as error:
        raise UsageError(f"python -m mixtures: {error}") from None
    table = read(given.file, given.columns)
    name = "<stdin>" if given.file == "-" else given.file
    _check_rows(name, table, given.components)
    if given.plot:
        _check_picture(given.plot)
    names = ("covariance_type", "solver", "tol", "max_iter", "n_init")
    settings = {key: getattr(given, key) for key in names} | {"random_state": given.seed}
    model = GaussianMixture(given.components, keep_history=False, **settings)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            model.fit(table.values)
        except ValueError as error:
            raise Unusable(f"{name}: {' '.join(str(error).split())}") from None
        text = summary.as_json(model, table) if given.json else summary.as_text(model, table)
        picture = _picture(given.plot, model, table) if given.plot else b""
    for message in dict.fromkeys(str(warning.message) for warning in said):
        print(f"{name}: warning: {' '.join(message.split())}", file=sys.stderr)
    if given.plot:
        _write(given.plot, picture)
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def _check_rows(name: str, table: Table, components: int) -> None:
    needed = max(components, 2)
    if len(table.values) < needed:
        which = "1 component needs" if components == 1 else f"{components} components need"
        raise Unusable(f"{name}: has too few rows of numbers, {len(table.values)}: {which} {needed} or more")


def _check_picture(path: str) -> None:
    """Find out before the fit whether the picture can be written."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError(f"--plot needs matplotlib ({error}): pip install 'sct-ad[plot]'") from None
    formats = Figure().canvas.get_supported_filetypes()
    if os.path.splitext(path)[1].lower().removeprefix(".") not in formats:
        raise UsageError(f"{path}: its name does not say which kind of picture: end it with .png, .pdf or .svg")
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.isdir(path):
        raise Unusable(f"{path}: is a directory, not a file to write")
    if not os.path.isdir(folder):
        raise Unusable(f"{path}: cannot be written: there is no such folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Unusable(f"{path}: cannot be written: the folder is read-only")


def _picture(path: str, model: Any, table: Table) -> bytes:
    from matplotlib.figure import Figure

    from mixtures import plot

    figure = Figure(figsize=(6.4, 5.2), layout="constrained")
    ax = plot.mixture(model, table.values, ax=figure.subplots(), names=table.names)
    number = "One Gaussian" if model.n_components == 1 else f"{model.n_components} Gaussians"
    ax.set_title(f"{number}, BIC {model.bic(table.values):.1f}")
    data = io.BytesIO()
    figure.savefig(data, format=os.path.splitext(path)[1].lower().removeprefix("."), dpi=150)
    return data.getvalue()


def _write(path: str, data: bytes) -> None:
    """Write a file at once: a reader sees the old one or the new one, and so does a crash."""
    target = os.path.realpath(path)
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".mixtures-", suffix=".tmp", dir=os.path.dirname(target))
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise Unusable(f"{path}: cannot be written: {error.strerror or error}") from None
