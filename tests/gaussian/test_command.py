"""``python -m mixtures fit``: what it prints, what it draws, how it says what is wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("sklearn")
import mixtures  # noqa: E402
from mixtures.command import main  # noqa: E402
from tests.gaussian.data import FAITHFUL, TYPES, faithful  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes data.csv into the working directory, which is empty."""
    monkeypatch.chdir(tmp_path)

    def make(text, name="data.csv"):
        data = text if isinstance(text, bytes) else text.encode()
        Path(name).write_bytes(data)

    return make


def test_parameters_are_those_of_the_library(capsys):
    assert main(["fit", str(FAITHFUL), "--components", "2"]) == 0
    assert capsys.readouterr().out == (
        "272 rows, 2 components, full covariances, em: converged in 4 iterations\n"
        "log-likelihood -1130.2641   BIC 2322.1920   AIC 2282.5281\n"
        "\n"
        "mean of    weight  eruptions  waiting\n"
        "0        0.355927    2.03652  54.4799\n"
        "1        0.644073    4.28978  79.9695\n"
        "\n"
        "covariance of 0  eruptions   waiting\n"
        "eruptions        0.0692745  0.436277\n"
        "waiting           0.436277   33.7049\n"
        "\n"
        "covariance of 1  eruptions   waiting\n"
        "eruptions          0.16982  0.938718\n"
        "waiting           0.938718    36.025\n"
    )


@pytest.mark.parametrize("solver", ["em", "lbfgs", "em+lbfgs", "hard"])
@pytest.mark.parametrize("kind", TYPES)
def test_json(kind, solver, capsys):
    options = ["--components", "2", "--covariance-type", kind, "--solver", solver, "--seed", "3", "--n-init", "2"]
    assert main(["fit", str(FAITHFUL), "--json", "--tol", "1e-6", "--max-iter", "400", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    settings = {"covariance_type": kind, "solver": solver, "random_state": 3, "n_init": 2}
    X = faithful()
    expected = mixtures.GaussianMixture(2, tol=1e-6, max_iter=400, **settings).fit(X)
    for name in ("weights", "means", "covariances"):
        np.testing.assert_allclose(found[name], getattr(expected, f"{name}_"), rtol=1e-12)
    assert (found["iterations"], found["converged"]) == (expected.n_iter_, True)
    np.testing.assert_allclose(found["log_likelihood"], 272 * expected.score(X), rtol=1e-12)
    assert (found["columns"], found["rows"], found["seed"]) == (["eruptions", "waiting"], 272, 3)


@pytest.mark.parametrize("kind", TYPES)
def test_tables_of_all_types(kind, capsys):
    assert main(["fit", str(FAITHFUL), "--components", "2", "--covariance-type", kind]) == 0
    head = {"full": "covariance of 0", "tied": "covariance of all", "diag": "variance of", "spherical": "variance of"}
    assert f"\n{head[kind]}  " in capsys.readouterr().out


TABLES = [
    ("x,y\n1,2\n3,4\n5,7\n", ["x", "y"], [[1, 2], [3, 4], [5, 7]]),
    ("1,2\n3,4\n5,7\n", ["column 1", "column 2"], [[1, 2], [3, 4], [5, 7]]),
    ("\ufeffx;y\r\n1;2\r\n\r\n3 ; 4\r\n", ["x", "y"], [[1, 2], [3, 4]]),
    ("x\ty\n1\t2\n3\t4e0\n", ["x", "y"], [[1, 2], [3, 4]]),
    ('"a, b",\n1,"2"\n3,4', ["a, b", "column 2"], [[1, 2], [3, 4]]),
]


@pytest.mark.parametrize(("text", "names", "rows"), TABLES)
def test_forms_of_tables(text, names, rows, write):
    from mixtures.table import read

    write(text)
    table = read("data.csv")
    assert table.names == names
    np.testing.assert_array_equal(table.values, rows)


def test_columns_are_chosen_by_name_or_number(write):
    from mixtures.table import read

    write("species,x,y\nsetosa,1,2\nvirginica,3,4\n")
    for columns in ("y,x", "3,2", " y , 2"):
        table = read("data.csv", columns)
        assert table.names == ["y", "x"]
        np.testing.assert_array_equal(table.values, [[2, 1], [4, 3]])


def test_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"1,2\n2,1\n3,5\n")))
    assert main(["fit", "-"]) == 0
    assert "3 rows, 1 component, full" in capsys.readouterr().out


GOOD = "x,y\n1,2\n3,4\n5,7\n"

ERRORS = [
    (None, [], 123, "data.csv: cannot be read: No such file or directory"),
    ("", [], 123, "data.csv: is empty"),
    ("\n \n", [], 123, "data.csv: is empty"),
    (b"x,y\n1,\xff\n", [], 123, "data.csv: is not text in UTF-8"),
    ('x,y\n1,"2\n', [], 123, "data.csv:2: is not a line of a table: unexpected end of data"),
    ("x,y\n", [], 123, "data.csv: has too few rows of numbers, 0: 1 component needs 2 or more"),
    ("x,y\n1,2\n", [], 123, "data.csv: has too few rows of numbers, 1: 1 component needs 2 or more"),
    (GOOD, ["--components", "4"], 123, "data.csv: has too few rows of numbers, 3: 4 components need 4 or more"),
    ("x,y\n1,2\n3\n", [], 123, "data.csv:3: has 1 cells, and the first line has 2"),
    ("x,y\n1,2\n3,a b\n", [], 123, "data.csv:3: y has 'a b', which is not a number: mend the line or choose"),
    ("1,2\n\n3,1_0\n", [], 123, "data.csv:3: column 2 has '1_0', which is not a number"),
    ("1,2\n3,\n", [], 123, "data.csv:2: column 2 is empty"),
    ("1,,2\n3,4,5\n", [], 123, "data.csv:1: column 2 is empty"),
    ("x,y\n1,2\nnan,4\n", [], 123, "data.csv:3: x has 'nan', and only finite numbers can be fitted"),
    ("x,y\n1,2\n-inf,4\n", [], 123, "data.csv:3: x has '-inf', and only finite"),
    (GOOD, ["--columns", "x,z"], 2, "data.csv: has no column 'z'; there are: x, y"),
    (GOOD, ["--columns", "0"], 2, "data.csv: has no column '0'; there are: x, y"),
    (GOOD, ["--columns", "3"], 2, "data.csv: has no column '3'; there are: x, y"),
    (GOOD, ["--columns", "x,1"], 2, "data.csv: column '1' is chosen twice"),
    ("x,x\n1,2\n3,4\n", ["--columns", "x"], 2, "data.csv: has 2 columns 'x': choose by number, from 1"),
    (GOOD, ["--components", "0"], 2, "'0' is not a whole number from 1"),
    (GOOD, ["--components", "two"], 2, "'two' is not a whole number from 1"),
    (GOOD, ["--tol", "nan"], 2, "'nan' is not a number from 0"),
    (GOOD, ["--seed", "-1"], 2, "'-1' is not a whole number from 0 to 2**32 - 1"),
    (GOOD, ["--solver", "newton"], 2, "invalid choice: 'newton'"),
    (GOOD, ["--plot", "picture"], 2, "picture: its name does not say which kind of picture: end it with .png"),
    (GOOD, ["--plot", "data.csv"], 2, "data.csv: its name does not say which kind of picture"),
    (GOOD, ["--plot", "none/a.png"], 123, "none/a.png: cannot be written: there is no such folder"),
    (GOOD, ["--plot", "folder.png"], 123, "folder.png: is a directory, not a file to write"),
]


@pytest.mark.parametrize(("text", "options", "code", "message"), ERRORS)
def test_errors_are_one_line_and_nothing_is_written(text, options, code, message, write, capsys):
    if "--plot" in options:
        pytest.importorskip("matplotlib")
    if text is not None:
        write(text)
    os.mkdir("folder.png")
    before = sorted(Path().rglob("*"))
    assert main(["fit", "data.csv", *options]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert said.err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before


def test_a_fit_that_fails_says_so_in_one_line(write, capsys):
    write("x,y\n1e308,1\n-1e308,2\n3,4\n")
    assert main(["fit", "data.csv"]) == 123
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("data.csv: ")
    assert "Traceback" not in said.err


def test_warnings_are_lines_on_standard_error(capsys):
    assert main(["fit", str(FAITHFUL), "--components", "3", "--max-iter", "1"]) == 0
    said = capsys.readouterr()
    assert "not converged in 1 iterations" in said.out
    assert "old_faithful.csv: warning: Best performing initialization did not converge." in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(("name", "magic"), [("a.png", b"\x89PNG"), ("a.PDF", b"%PDF"), ("a.svg", b"<?xml")])
def test_pictures(name, magic, tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / name
    path.write_text("old")
    assert main(["fit", str(FAITHFUL), "--components", "2", "--plot", str(path)]) == 0
    assert path.read_bytes().startswith(magic)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert main(["fit", str(FAITHFUL), "--components", "2", "--columns", "2", "--plot", str(path)]) == 0


def test_a_picture_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    path = tmp_path / "a.png"
    path.write_text("old")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["fit", str(FAITHFUL), "--plot", str(path)]) == 123
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{path}: cannot be written: No space left on device\n")
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]
    assert path.read_text() == "old"


def test_the_module_runs():
    command = [sys.executable, "-m", "mixtures"]
    found = subprocess.run([*command, "fit", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    assert "--covariance-type {full,tied,diag,spherical}" in found.stdout
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        "python -m mixtures: the following arguments are required: COMMAND (python -m mixtures --help)\n"
    )
