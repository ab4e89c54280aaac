"""``sct diff``: what differentiation adds, and how derivatives change between a revision and the working tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from sct_cli.main import main

from sct.frontend.read import read_file
from sct.review.differences import Row, compare, pairs, unified
from sct.texts import Choice, Target, pyproject
from tests.golden_cases import CASES, FOLDER

ROOT = Path(__file__).resolve().parent.parent
Diff = Callable[..., tuple[int, str, str]]

FORWARD = """\
--- samples/function.py::f
+++ f_jvp
-def f(x1: float, x2: float):
+def f_jvp(x1, x2, dx1, dx2):
     w3 = x1 * x2
+    dw3 = dx1 * x2 + x1 * dx2
     w4 = sin(x1)
+    dw4 = cos(x1) * dx1
     w5 = w3 + w4
-    return w5
+    dw5 = dw3 + dw4
+    return w5, dw5
"""
BESIDE = """\
--- samples/function.py::f
+++ f_vjp
def f(x1: float, x2: float): | def f_vjp(x1: float, x2: flo
                             | at, w5_bar=1.0):
    w3 = x1 * x2                   w3 = x1 * x2
    w4 = sin(x1)                   w4 = sin(x1)
    w5 = w3 + w4                   w5 = w3 + w4
    return w5                |
                             >     # w4 = sin(x1)
                             >     x1_bar = cos(x1) * w5_ba
                             > r
                             >     # w3 = x1 * x2
                             >     x1_bar = x1_bar + x2 * w
                             > 5_bar
                             >     x2_bar = x1 * w5_bar
                             >     return w5, (x1_bar, x2_b
                             > ar)
"""


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Diff:
    """Run ``sct diff`` and return its exit code, what it printed and what it complained of."""
    monkeypatch.chdir(ROOT)

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["diff", *map(str, arguments)])
        found = capsys.readouterr()
        return code, found.out, found.err

    return run


def test_forward_mode_adds_lines(diff: Diff):
    assert diff("samples/function.py") == (0, FORWARD, "")


def test_columns(diff: Diff):
    found = diff("samples/function.py", "--mode", "reverse", "--side-by-side", "--width", "59")
    assert found == (0, BESIDE, "")


# What is taken out besides the signature, returns and calls of helpers: values that are too dear to compute twice, a
# loop over what has a tangent, statements that overwrite what the tangent reads.
MORE = {"attention": 3, "heat": 1, "image": 1, "kalman": 1, "rescued": 1, "softmax": 2, "waves": 2}


@pytest.mark.parametrize("name", CASES)
def test_forward_mode_takes_nothing_else_out(name: str):
    path = FOLDER / name / "function.py"
    module = read_file(str(path))
    pair, *_ = pairs([Target(module, CASES[name][0])], Choice(line_length=120))
    rows = list(compare(pair.source, pair.text))
    first = next(n for n, row in enumerate(rows) if row.left is not None and row.left.rstrip().endswith(":"))
    removed = [row.left.strip() for row in rows[first + 1 :] if not row.same and row.left is not None]
    helpers = [n.split("(")[0].removeprefix("def ") for n in module.lines if n.startswith("def ")]
    own = [line for line in removed if not line.startswith("return") and not any(f"{h}(" in line for h in helpers)]
    assert len([line for line in own if line]) == MORE.get(name, 0), own


def test_unified_hunks():
    rows = list(compare("\n".join("abcdefghijkl"), "\n".join("abXdefghiklm")))
    assert list(unified(rows, 1)) == [
        "@@ -2,3 +2,3 @@",
        *[" b", "-c", "+X", " d"],
        "@@ -9,4 +9,4 @@",
        *[" i", "-j", " k", " l", "+m"],
    ]
    assert list(unified([Row(None, "a", False)], 3)) == ["+a"]


def test_helpers_are_shown_beside_their_own_source(diff: Diff):
    _, said, _ = diff("tests/golden/helpers/function.py::area", "--mode", "reverse")
    heads = [line for line in said.splitlines() if line.startswith(("---", "+++"))]
    folder = "--- tests/golden/helpers/function.py::"
    assert heads[:2] == [f"{folder}area", "+++ area_vjp"]
    assert [f"{folder}shifted", "+++ shifted_forward", "--- (no source)", "+++ shifted_reverse"] == heads[2:6]


def test_colours(diff: Diff, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[32m+    dw3 = dx1 * x2 + x1 * dx2\033[0m\n" in diff("samples/function.py")[1]
    assert "\033[32m    dw3 = dx1 * x2 + x1 * dx2\033[0m\n" in diff("samples/function.py", "-y")[1]
    assert diff("samples/function.py", "--no-color")[1] == FORWARD
    monkeypatch.setenv("NO_COLOR", "1")
    assert diff("samples/function.py")[1] == FORWARD
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert diff("samples/function.py")[1] == FORWARD


def test_source_that_is_formatted_otherwise_is_no_difference(diff: Diff, tmp_path: Path):
    text = "def f( x:float ):\n  '''Say.'''\n  y = ( x*x\n    +1 )  # so\n\n  return y\n  # end\n\ndef g(x):\n  y\n"
    (tmp_path / "f.py").write_text(text)
    _, said, _ = diff(f"{tmp_path}/f.py::f")
    assert [line for line in said.splitlines() if line.startswith("-")] == [
        f"--- {tmp_path}/f.py::f",
        "-def f(x: float):",
        "-    return y",
    ]


# Against a revision


def git(folder: Path, *arguments: str) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=clean)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, diff: Diff) -> Path:
    """A repository with a package of two modules, which its attributes keep out of archives."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    pyproject.cache_clear()
    write(tmp_path / ".gitattributes", "pack/*.py export-ignore\n")
    write(tmp_path / "pack" / "__init__.py", "")
    write(tmp_path / "pack" / "helpers.py", "def cube(x):\n    return x * x * x\n")
    write(tmp_path / "pack" / "a model.py", "from .helpers import cube\n\n\ndef f(x: float):\n    return 2 * cube(x)\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    git(tmp_path, "tag", "one")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_no_change(repository: Path, diff: Diff):
    assert diff("--against", "HEAD", "pack/a model.py") == (0, "", "")
    source = repository / "pack" / "a model.py"
    source.write_text(source.read_text().replace("2 * cube(x)", "2 * (cube(x))  # twice"))
    assert diff("--against", "HEAD", "pack/a model.py::f")[0] == 1  # the comment is copied
    git(repository, "commit", "-qam", "two")
    assert diff("--against", "HEAD", "pack/a model.py::f") == (0, "", "")
    assert diff("--against", "one", "pack/a model.py::f", "--quiet") == (1, "", "")


def test_a_change_of_a_helper_beside_it(repository: Path, diff: Diff, monkeypatch: pytest.MonkeyPatch):
    write(repository / "pack" / "helpers.py", "def cube(x):\n    return x * x * x + x\n")
    expected = textwrap.dedent("""\
        --- pack/a model.py::f at HEAD
        +++ pack/a model.py::f
        @@ -1,5 +1,5 @@
         def cube_jvp(x, dx):
        -    return x * x * x, 2 * x * dx * x + x * x * dx
        +    return x * x * x + x, 2 * x * dx * x + x * x * dx + dx


         def f_jvp(x, dx):
        """)
    code, said, complaint = diff("--against", "HEAD", "pack/a model.py::f")
    assert (code, complaint) == (1, "")
    assert said == expected
    monkeypatch.chdir(repository / "pack")
    assert diff("--against", "HEAD", "a model.py::f", "-U0", "-y")[0] == 1


def test_reading_a_revision_changes_nothing(repository: Path, diff: Diff):
    before = sorted(p for p in repository.rglob("*"))
    (repository / "untracked.py").write_text("def g(x):\n    return x\n")
    diff("--against", "HEAD", "pack/a model.py")
    assert sorted(p for p in repository.rglob("*") if p.name != "untracked.py") == before


def test_links_in_a_revision(repository: Path, diff: Diff):
    (repository / "pack" / "linked.py").symlink_to("a model.py")
    (repository / "out.py").symlink_to("/etc/passwd")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "links")
    assert diff("--against", "HEAD", "pack/linked.py::f") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--against", "nowhere", "pack/a model.py"], 2, "sct diff: there is no revision 'nowhere'"),
        (["--against", "-x", "pack/a model.py"], 2, "sct diff: argument --against: expected one argument"),
        (["--against=--all", "pack/a model.py"], 2, "sct diff: there is no revision '--all'"),
        (["--against", "HEAD", "new.py"], 2, "sct diff: new.py is not in HEAD"),
        (["--against", "HEAD", "pack/gone.py"], 123, "pack/gone.py: no such file"),
        (["--against", "HEAD", "pack/a model.py::g"], 2, "pack/a model.py: there is no function 'g'"),
        (["--against", "HEAD", "pack/helpers.py::square"], 2, "HEAD:pack/helpers.py: there is no function 'square'"),
        (["--against", "HEAD", "-"], 2, "sct diff: --against needs files, not standard input"),
        (["--unified", "-1", "new.py"], 2, "sct diff: --unified takes a number of lines, 0 or more"),
    ],
)
def test_complaints(repository: Path, diff: Diff, arguments: list[str], code: int, message: str):
    write(repository / "new.py", "def f(x):\n    return x\n")
    with (repository / "pack" / "helpers.py").open("a") as file:
        file.write("\n\ndef square(x):\n    return x * x\n")
    if arguments[-1] == "-":
        sys.stdin = (repository / "new.py").open()
    found = diff(*arguments)
    assert (found[0], found[1]) == (code, "")
    assert found[2].startswith(message)
    assert found[2].count("\n") == 1


def test_no_repository(diff: Diff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write(tmp_path / "f.py", "def f(x):\n    return x\n")
    code, said, complaint = diff("--against", "HEAD", f"{tmp_path}/f.py")
    assert (code, said) == (123, "") and complaint.startswith(f"{tmp_path}/f.py: is not in a git repository (fatal: ")
    monkeypatch.setenv("PATH", "")
    code, said, complaint = diff("--against", "HEAD", f"{tmp_path}/f.py")
    assert (code, complaint) == (123, "sct diff: git cannot be run: No such file or directory\n")
