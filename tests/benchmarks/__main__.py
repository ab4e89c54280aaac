"""How fast generated gradients are: ``python -m tests.benchmarks [--quick] [pattern]``.

Every number comes from one run, one thread, the best of several repeats that take turns; what counts is the ratios.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import importlib  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

from sct import oracles  # noqa: E402

from . import annotated, by_hand, further, further_by_hand, peers, plain  # noqa: E402

_MEMORY = 4 << 30
ROOT = Path(__file__).resolve().parents[2]


def inputs() -> dict[str, tuple[tuple[Any, ...], tuple[int, ...] | int]]:
    """Return, for each function, its arguments and the positions of the independent ones."""
    rng = np.random.default_rng(0)
    widths = [32, 64, 64, 64, 64, 1]
    layers: list[Any] = []
    for a, b in zip(widths, widths[1:], strict=False):
        layers += [rng.normal(size=(a, b)) / np.sqrt(a), 0.1 * rng.normal(size=b)]
    n, d, k = 10_000, 10, 25
    mixture = (rng.normal(size=(n, d)), rng.normal(size=k), rng.normal(size=(k, d)), 0.1 * rng.normal(size=(k, d)))
    return {
        "classic": ((1.3, 0.7), (0, 1)),
        "lorenz": ((1.0, 0.5, 20.0, 10.0, 28.0, 8.0 / 3.0), (0, 1, 2, 3, 4, 5)),
        "rosenbrock": ((rng.normal(size=1000),), 0),
        "mlp": ((rng.normal(size=(256, 32)), rng.normal(size=(256, 1)), *layers), tuple(range(2, 12))),
        "mixture": (mixture, (1, 2, 3)),
        "flat": ((0.3,), 0),
        "call20": ((0.3,), 0),
    }


def further_inputs() -> dict[str, tuple[tuple[Any, ...], tuple[int, ...] | int]]:
    """Return the arguments of the further functions, and the positions of the independent ones."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(500, 20)), rng.integers(0, 10, 500)
    cells = [0.2 * rng.normal(size=(32, 16)), 0.2 * rng.normal(size=(32, 32)), 0.1 * rng.normal(size=32)]
    points, ill = rng.normal(size=(2000, 20)), rng.integers(0, 2, 2000).astype(float)
    softmax = (0.1 * rng.normal(size=(20, 10)), 0.1 * rng.normal(size=10), x, np.eye(10)[labels])
    return {
        "softmax_regression": (softmax, (0, 1)),
        "rnn": ((*cells, rng.normal(size=(50, 16)), rng.normal(size=(50, 32))), (0, 1, 2)),
        "kernel": ((rng.normal(size=(300, 5)), rng.normal(size=300), 1.3), (0, 1, 2)),
        "kalman": ((0.1, 0.5, 0.95, [float(v) for v in rng.normal(size=500)]), (0, 1, 2)),
        "heat": ((rng.normal(size=1000), 0.2, rng.normal(size=1000)), (0, 1)),
        "logistic": ((0.1 * rng.normal(size=20), 0.1, points, ill, 0.01), (0, 1)),
        "black_scholes": ((100.0, 95.0, 0.7, 0.03, 0.25), (0, 1, 2, 3, 4)),
        "ode": ((1.0, 0.2, 4.0, 0.1), (0, 1, 2, 3)),
        "k_means": ((rng.normal(size=(8, 3)), rng.normal(size=(500, 3))), 0),
        "layer_norm": ((rng.normal(size=(64, 32)), *rng.normal(size=(2, 32)), rng.normal(size=(64, 32))), (0, 1, 2)),
        "convolution": ((rng.normal(size=(16, 16)), rng.normal(size=(3, 3)), rng.normal(size=(14, 14))), (0, 1)),
        "attention": ((rng.normal(size=(40, 16)), *0.3 * rng.normal(size=(3, 16, 16))), (0, 1, 2, 3)),
    }


def best_of(contenders: dict[str, Callable[[], Any]], repeats: int, budget: float) -> dict[str, float]:
    """Return the best time of each contender; they take turns, so that a slow moment hits all."""
    numbers = {}
    for name, run in contenders.items():
        run()
        started = time.perf_counter()
        run()
        numbers[name] = max(1, min(100_000, int(budget / max(time.perf_counter() - started, 1e-7))))
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(repeats):
        for name, run in contenders.items():
            number = numbers[name]
            started = time.perf_counter()
            for _ in range(number):
                run()
            best[name] = min(best[name], (time.perf_counter() - started) / number)
    return best


def generated(function: Callable[..., Any], wrt: Any) -> tuple[Callable[..., Any] | None, float, str]:
    """Return the generated gradient, the time that it took to make, and what went wrong."""
    import sct

    started = time.perf_counter()
    try:
        made = sct.grad(function, wrt=wrt)
    except Exception as error:
        return None, 0.0, str(error).splitlines()[0]
    return made, time.perf_counter() - started, ""


def check(name: str, function: Callable[..., Any], hand: Callable[..., Any], args: Sequence[Any], wrt: Any) -> None:
    """Hold the hand-written adjoint against the divided difference in one random direction."""
    rng = np.random.default_rng(1)
    places = wrt if isinstance(wrt, tuple) else (wrt,)
    scale = 1e-4 if name == "lorenz" else 1.0
    tangents = [
        oracles.unflatten(rng.normal(size=oracles.flatten(a).size) * scale, a) if i in places else None
        for i, a in enumerate(args)
    ]
    slope = oracles.divided_difference(function, args, tangents).value[0]
    expected = float(oracles.flatten(hand(*args)) @ oracles.flatten([tangents[i] for i in places]))
    if abs(slope - expected) > 1e-5 * (abs(slope) + abs(expected)):
        raise AssertionError(f"the hand-written adjoint of {name} is wrong: {expected} and not {slope}")


def gradients(pattern: str, repeats: int, budget: float) -> None:
    """Print the table of gradients."""
    print(
        f"{'function':18} {'primal':>10} {'by hand':>10} {'plain':>10} {'annotated':>10}   "
        "ratios to hand: plain, annotated"
    )
    times: dict[str, dict[str, float]] = {}
    for name, (args, wrt) in (inputs() | further_inputs()).items():
        if pattern not in name:
            continue
        written = further_by_hand if hasattr(further, name) else by_hand
        modules = {"plain": further} if hasattr(further, name) else {"plain": plain, "annotated": annotated}
        function, hand = getattr(modules["plain"], name), getattr(written, "flat" if name == "call20" else name)
        check(name, function, hand, args, wrt)
        contenders: dict[str, Callable[[], Any]] = {"primal": lambda f=function, a=args: f(*a)}
        contenders["hand"] = lambda f=hand, a=args: f(*a)
        notes = []
        for label, module in modules.items():
            made, seconds, trouble = generated(getattr(module, name), wrt)
            if made is None:
                notes.append(f"{label}: {trouble}")
                continue
            try:
                got = oracles.flatten(made(*args))
            except Exception as error:
                notes.append(f"{label}: raises {type(error).__name__}: {error}")
                continue
            expected = oracles.flatten(hand(*args))
            if got.shape != expected.shape or not np.allclose(
                got, expected, rtol=1e-7, atol=1e-9 * abs(expected).max()
            ):
                notes.append(
                    f"{label}: WRONG by {abs(got - expected).max() if got.shape == expected.shape else 'shape'}"
                )
            contenders[label] = lambda f=made, a=args: f(*a)
            notes.append(f"{label} made in {1e3 * seconds:.0f} ms")
        for peer, run in peers.gradients(name, args, wrt).items():
            contenders[peer] = run
        times[name] = found = best_of(contenders, repeats, budget)
        cells = [
            f"{1e6 * found[c]:10.1f}" if c in found else f"{'-':>10}" for c in ("primal", "hand", "plain", "annotated")
        ]
        ratios = [f"{found[c] / found['hand']:5.2f}" if c in found else "    -" for c in ("plain", "annotated")]
        others = "".join(f"  {p} {found[p] / found['hand']:.2f}" for p in found if p in peers.NAMES)
        print(f"{name:18} {' '.join(cells)} us  {'  '.join(ratios)}{others}   {'; '.join(notes)}", flush=True)
    for label in ("plain", "annotated"):
        if {"flat", "call20"} <= times.keys() and all(label in times[n] for n in ("flat", "call20")):
            one, many = (times[n][label] / times[n]["primal"] for n in ("flat", "call20"))
            print(
                f"20 nested calls, {label}: gradient / primal {many:.2f}; "
                f"the same written flat {one:.2f}; {many / one:.2f}"
            )


def long_function(statements: int) -> str:
    """Return the text of a straight-line function of that many statements."""
    lines = ["import numpy as np", "", "", "def long(a, b):", "    x, y, z = a, b, a * b"]
    forms = [
        "x = x * y + np.sin(z)",
        "y = y / (2.0 + z * z) - x",
        "z = np.exp(-x * x) * y + z",
        "w = x * z",
        "z = z + 0.1 * w",
    ]
    lines += [f"    {forms[i % len(forms)]}" for i in range(statements - 2)]
    return "\n".join([*lines, "    return x + y + z", ""])


def transformations(sizes: Sequence[int]) -> None:
    """Print how long `sct transform` takes, start-up and black included."""
    print("\nsct transform, the whole command")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"long{size}.py"
            path.write_text(long_function(size), encoding="utf-8")
            for mode in ("forward", "reverse"):
                seconds, code = command("transform", f"{path}::long", "--mode", mode)
                print(
                    f"  {size:5} statements, {mode}: {seconds:6.2f} s{'' if code == 0 else f'   exit code {code}'}",
                    flush=True,
                )


def command(*args: str) -> tuple[float, int]:
    """Run ``python -m sct`` once, with an end to its time and memory."""
    script = (
        f"import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY})); "
        f"sys.argv = {['sct', *args]!r}; runpy.run_module('sct', run_name='__main__')"
    )
    started = time.perf_counter()
    try:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        return time.perf_counter() - started, -9
    return time.perf_counter() - started, done.returncode


def start_up(repeats: int) -> None:
    """Print start-up times beside those of Python and NumPy."""
    print("\nstart-up, best of", repeats)
    runs = {
        "python -c pass": ["-c", "pass"],
        "python -m sct --version": ["-m", "sct", "--version"],
        "python -m sct --help": ["-m", "sct", "--help"],
        "import numpy": ["-c", "import numpy"],
        "import sct": ["-c", "import sct"],
        "import numpy, sct": ["-c", "import numpy, sct"],
    }
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(repeats):
        for name, args in runs.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *args], capture_output=True, cwd=ROOT, check=False)
            best[name] = min(best[name], time.perf_counter() - started)
    for name, seconds in best.items():
        print(f"  {name:28} {1e3 * seconds:7.1f} ms")


def main() -> None:
    """Run everything, or the gradients whose name contains the pattern."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    options = parser.parse_args()
    importlib.import_module("sct")
    gradients(options.pattern, 5 if options.quick else 15, 0.02 if options.quick else 0.1)
    if not options.pattern:
        transformations((300, 1000) if options.quick else (300, 1000, 3000))
        start_up(3 if options.quick else 10)


if __name__ == "__main__":
    main()
