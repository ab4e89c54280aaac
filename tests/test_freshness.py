"""``sct check``: fresh, stale, edited, moved and orphaned files are told apart, and mended without losing anything."""

from __future__ import annotations

import io
import os
import shlex
import textwrap
from collections.abc import Callable
from pathlib import Path

import black
import pytest
from sct_cli.main import main

import sct
from sct.texts import pyproject

ROOT = Path(__file__).resolve().parent.parent
MODEL = """
    import numpy as np

    from helpers import scaled


    def loss(w, x):
        # The mean square.
        y = scaled(np.tanh(x * w), 2.0)
        return np.mean(y * y)


    def energy(w):
        return np.sum(w * w)
    """
HELPERS = """
    def scaled(y, by):
        return y * by
    """

Check = Callable[..., tuple[int, str]]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two modules and one generated file in it."""
    monkeypatch.chdir(tmp_path)
    pyproject.cache_clear()
    write(tmp_path / "pyproject.toml", "[tool.black]\nline-length = 100\n")
    write(tmp_path / "src" / "model.py", MODEL)
    write(tmp_path / "src" / "helpers.py", HELPERS)
    transform("--mode", "reverse", "--wrt", "w", "src/model.py::loss", "-o", "src/diff_model.py")
    return tmp_path


def transform(*arguments: str) -> None:
    assert main(["transform", *arguments]) == 0


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Run ``sct check`` and return its exit code and what it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["check", *map(str, arguments)])
        found = capsys.readouterr()
        return code, found.out + found.err

    return run


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def assert_mended(check: Check, said: str) -> None:
    """Run the one command that the check shows, and check again."""
    (command,) = [line.strip() for line in said.splitlines() if line.startswith("    ")]
    words = shlex.split(command)
    assert words[0] == "sct" and main(words[1:]) == 0
    assert check(".") == (0, "1 generated file: 1 fresh\n")


def test_fresh(project: Path, check: Check):
    assert check("src") == (0, "1 generated file: 1 fresh\n")
    assert check("--verbose", "src")[1].startswith("src/diff_model.py: fresh\n")
    assert check("--quiet", "src") == (0, "")
    assert check(project / "src")[0] == 0


def test_nothing_is_compiled_for_fresh_files(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sct.review.freshness.generate", None)
    monkeypatch.setattr("sct.emit.header.syntax_sha256", None)
    assert check(".")[0] == 0


COMMAND = "sct transform --mode reverse --wrt w src/model.py::loss -o src/diff_model.py"


def test_a_changed_source_makes_stale(project: Path, check: Check):
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    code, said = check(".")
    assert code == 1
    assert said == f"src/diff_model.py: stale: src/model.py changed\n    {COMMAND}\n1 generated file: 1 stale\n"
    assert_mended(check, said)


def test_a_changed_helper_in_a_module_beside_it_makes_stale(project: Path, check: Check):
    edit(project / "src" / "helpers.py", "y * by", "y * by * by")
    code, said = check(".")
    assert code == 1 and "stale: src/helpers.py changed" in said
    assert_mended(check, said)


def test_every_module_that_was_read_counts(project: Path, check: Check):
    """One that passes a name on, and one whose constant is folded, have no code in the result."""
    write(project / "src" / "model.py", "from package import g, N\ndef loss(w):\n    return g(w) * N\n")
    package = project / "src" / "package"
    write(package / "__init__.py", "from .one import g\nfrom .sizes import N\n")
    write(package / "one.py", "def g(x):\n    return x * x\n")
    write(package / "two.py", "def g(x):\n    return x * x * x\n")
    write(package / "sizes.py", "N = 3\n")
    transform("--mode", "reverse", "src/model.py::loss", "-o", "src/diff_model.py")
    assert check(".")[0] == 0
    edit(package / "sizes.py", "3", "4")
    code, said = check(".")
    assert code == 1 and "stale: src/package/sizes.py changed" in said
    edit(package / "sizes.py", "4", "3")
    edit(package / "__init__.py", ".one", ".two")
    code, said = check(".")
    assert code == 1 and "stale: src/package/__init__.py changed" in said
    assert_mended(check, said)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# The mean square.", "# What is minimised."),
        ("def energy(w):\n    return np.sum(w * w)", "def energy(w):\n    return np.sum(w)"),
        ("np.mean(y * y)", "np.mean(\n        y\n        * y)"),
        ("\n", "\r\n"),
    ],
    ids=["comment", "another function", "formatting", "line ends"],
)
def test_changes_that_change_nothing(project: Path, check: Check, old: str, new: str):
    source = project / "src" / "model.py"
    source.write_bytes(source.read_text().replace(old, new).encode())
    assert check(".")[0] == 0


def test_fix_lets_comments_follow_the_source(project: Path, check: Check):
    edit(project / "src" / "model.py", "# The mean square.", "# What is minimised.")
    assert check("--fix", ".") == (0, "1 generated file: 1 fresh\n")
    assert "# What is minimised." in (project / "src" / "diff_model.py").read_text()


STYLES = [
    black.Mode(line_length=40),
    black.Mode(line_length=200, string_normalization=False, magic_trailing_comma=False),
    black.Mode(line_length=60, preview=True),
]


@pytest.mark.parametrize("style", STYLES)
def test_reformatting_is_no_edit(project: Path, check: Check, style: black.Mode):
    target = project / "src" / "diff_model.py"
    before = target.read_text()
    target.write_text(black.format_str(before, mode=style))
    assert check(".")[0] == 0
    text = target.read_text()
    assert check("--fix", ".")[0] == 0
    assert target.read_text() == text
    # What was reformatted is no edit when the source changes too: it is stale, and mended.
    edit(project / "src" / "helpers.py", "y * by", "by * y * by")
    assert "stale" in check(".")[1]
    assert check("--fix", ".")[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text + "# a remark\n",
        lambda text: "# Copyright nobody.\n\n" + text,
        lambda text: text.rstrip("\n"),
    ],
    ids=["line ends", "byte order mark", "comment", "licence", "no newline at the end"],
)
def test_what_is_not_said_is_no_edit(project: Path, check: Check, change: Callable[[str], str]):
    target = project / "src" / "diff_model.py"
    target.write_bytes(change(target.read_text()).encode())
    assert check(".")[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2.0", "3.0"),
        ("return result, w_bar", "return result, 2 * w_bar"),
        ("\ndef loss_vjp", "\nimport os\n\ndef loss_vjp"),
        ("(", "(("),
    ],
    ids=["constant", "result", "import", "syntax"],
)
def test_edits_are_found_and_kept(project: Path, check: Check, old: str, new: str):
    target = project / "src" / "diff_model.py"
    head, body = target.read_text().split("\n\n", 1)
    assert old in body
    target.write_text(f"{head}\n\n{body.replace(old, new, 1)}")
    edited = target.read_text()
    code, said = check(".")
    assert code == 1
    assert said.startswith(f"src/diff_model.py: edited by hand\n    {COMMAND}\n")
    code, said = check("--fix", ".")
    assert code == 1 and target.read_text() == edited
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    code, said = check("--fix", ".")
    assert code == 1 and target.read_text() == edited
    assert "edited by hand, and src/model.py changed" in said
    assert_mended(check, said)


def test_an_edit_that_the_source_caught_up_with_is_fresh(project: Path, check: Check):
    edit(project / "src" / "diff_model.py", "2.0", "3.0")
    edit(project / "src" / "model.py", "2.0", "3.0")
    assert check(".")[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:2],
        lambda lines: [lines[0], lines[1].replace("--wrt w", "--wrt ,"), *lines[2:]],
        lambda lines: [lines[0], "# sct:", *lines[2:]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[1].replace("--mode reverse", "--mode backward"), *lines[2:]],
        lambda lines: [lines[0], lines[1].replace("src/", "").replace("sha256=", "sha256=0"), *lines[2:]],
    ],
)
def test_mangled_headers(project: Path, check: Check, change: Callable[[list[str]], list[str]]):
    target = project / "src" / "diff_model.py"
    text = "\n".join(change(target.read_text().split("\n")))
    target.write_text(text)
    code, said = check("--fix", ".")
    assert code == 1 and "edited by hand" in said
    assert target.read_text() == text


def test_a_named_file_has_to_be_generated(project: Path, check: Check):
    (project / "src" / "diff_model.py").write_text("")
    code, said = check("src/diff_model.py")
    assert code == 123
    assert said == "src/diff_model.py: has no header of sct: it was not generated, or its header was taken off\n"
    assert check("src") == (0, "no generated files\n")
    code, said = check("nowhere")
    assert (code, said) == (123, "nowhere: no such file or folder\n")


def test_other_versions_are_a_note(project: Path, check: Check):
    target = project / "src" / "diff_model.py"
    edit(target, "by sct 0.1.0", "by sct 0.0.9")
    code, said = check(".")
    assert code == 0 and said.startswith("src/diff_model.py: fresh, made by sct 0.0.9\n")
    code, said = check("--strict", ".")
    assert code == 1 and said.startswith(f"src/diff_model.py: fresh: made by sct 0.0.9\n    {COMMAND}\n")
    assert check("--fix", ".")[0] == 0 and "0.0.9" in target.read_text()
    code, said = check("--fix", "--strict", ".")
    assert code == 0 and said.startswith("src/diff_model.py: written anew: made by sct 0.0.9\n")
    assert "0.0.9" not in target.read_text()


def test_a_moved_source_is_found_by_its_text(project: Path, check: Check):
    (project / "src" / "model.py").rename(project / "src" / "network.py")
    code, said = check(".")
    assert code == 1
    assert said.startswith("src/diff_model.py: moved: src/model.py is src/network.py now\n    sct transform")
    assert check("--fix", ".")[0] == 0
    assert "from network.py, helpers.py." in (project / "src" / "diff_model.py").read_text()


def test_a_moved_generated_file_finds_its_source(project: Path, check: Check):
    (project / "generated").mkdir()
    (project / "src" / "diff_model.py").rename(project / "generated" / "of_model.py")
    code, said = check("generated")
    assert code == 1 and "moved: model.py is src/model.py now" not in said
    assert "moved: generated/model.py is src/model.py now" in said
    assert_mended(check, said)


def test_what_moves_together_stays_fresh(project: Path, check: Check):
    (project / "src").rename(project / "lib")
    (project / "lib" / "diff_model.py").rename(project / "lib" / "gradient.py")
    assert check(".")[0] == 0


def test_orphans(project: Path, check: Check):
    source = project / "src" / "model.py"
    text = source.read_text()
    source.unlink()
    code, said = check("--fix", ".")
    assert code == 1 and (project / "src" / "diff_model.py").exists()
    assert said.startswith(
        "src/diff_model.py: orphaned: its source src/model.py is gone\n    rm -- src/diff_model.py\n"
    )
    write(project / "core" / "model.py", text.replace("tanh", "sin"))
    (project / "src" / "helpers.py").rename(project / "core" / "helpers.py")
    code, said = check(".")
    assert code == 1 and "orphaned: its source src/model.py is gone; there is core/model.py" in said
    assert_mended(check, said)


def test_one_of_two_sources_gone(project: Path, check: Check):
    write(project / "src" / "other.py", "def g(x):\n    return x * x\n")
    transform("src/model.py::energy", "src/other.py", "-o", "src/diff_model.py")
    (project / "src" / "other.py").unlink()
    code, said = check(".")
    assert code == 1 and "orphaned: its source src/other.py is gone" in said
    assert_mended(check, said)


def test_what_came_from_standard_input(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"def f(x):\n    return x\n")))
    transform("-", "-o", "src/diff_model.py")
    code, said = check(".")
    assert code == 1 and "orphaned: it was made from standard input\n    rm -- src/diff_model.py\n" in said


def test_functions_that_have_gone(project: Path, check: Check):
    transform("src/model.py::loss", "src/model.py::energy", "-o", "src/diff_model.py")
    edit(project / "src" / "model.py", "def energy", "def power")
    code, said = check("--fix", ".")
    assert code == 1
    assert "stale: src/model.py: there is no function 'energy'" in said
    edit(project / "src" / "model.py", "def loss", "def cost")
    assert "orphaned: src/model.py: there is no function" in check("--fix", ".")[1]
    edit(project / "src" / "model.py", "def cost", "def loss")
    assert_mended(check, check(".")[1])


def test_what_cannot_be_differentiated_any_more(project: Path, check: Check):
    edit(project / "src" / "model.py", "np.mean(y * y)", "eval('y')")
    code, said = check("--fix", ".")
    assert code == 123
    assert said.startswith("src/diff_model.py: failed: its sources cannot be differentiated now\nsrc/model.py:9:")
    edit(project / "src" / "model.py", "eval('y')", "(")
    code, said = check(".")
    assert code == 123 and "syntax error" in said
    (project / "src" / "model.py").write_bytes(b"\xff\n")
    code, said = check(".")
    assert code == 123 and "is not UTF-8" in said


def test_sources_that_are_generated_come_first(project: Path, check: Check):
    transform("src/diff_model.py::loss_vjp", "--wrt", "w", "-o", "src/a_hvp.py")
    assert check(".")[0] == 0
    edit(project / "src" / "helpers.py", "y * by", "y * by * by")
    code, said = check("src/a_hvp.py")
    assert code == 1
    assert said.splitlines()[:3] == [
        "src/a_hvp.py: stale: its source src/diff_model.py is stale",
        f"    {COMMAND}",
        "    sct transform --mode forward --wrt w src/diff_model.py::loss_vjp -o src/a_hvp.py",
    ]
    assert check("--fix", "src/a_hvp.py")[0] == 1  # its source was not given to be written
    code, said = check("--fix", ".")
    assert code == 0 and said.endswith("2 generated files: 2 fresh, 2 written anew\n")


def test_two_files_from_one_source_and_paths_with_spaces(project: Path, check: Check):
    folder = project / "a folder, with"
    write(folder / 'the "model".py', MODEL)
    write(folder / "helpers.py", HELPERS)
    for mode in ("forward", "reverse"):
        transform("--mode", mode, f'{folder}/the "model".py::loss', "-o", f"{folder}/100% {mode}.py")
    assert check(".") == (0, "3 generated files: 3 fresh\n")
    edit(folder / "helpers.py", "y * by", "by * y * by")
    code, said = check(".")
    commands = [shlex.split(line) for line in said.splitlines() if line.startswith("    ")]
    assert code == 1 and len(commands) == 2
    for words in commands:
        assert main(words[1:]) == 0
    assert check(".")[0] == 0


def test_from_another_folder(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch):
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    code, said = check("..")
    assert code == 1 and said.startswith("../src/diff_model.py: stale: ../src/model.py changed\n")
    words = shlex.split(said.splitlines()[1])
    assert main(words[1:]) == 0 and check("..")[0] == 0


def test_what_is_passed_by(project: Path, check: Check):
    stale = (project / "src" / "diff_model.py").read_text()
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    check("--fix", ".")
    for folder in (".hidden", "__pycache__", "node_modules", "env/lib"):
        write(project / folder / "diff_model.py", stale)
    write(project / "env" / "pyvenv.cfg", "home = /usr\n")
    (project / "loop").symlink_to(project)
    (project / "broken.py").symlink_to(project / "nowhere.py")
    (project / "folder.py").mkdir()
    os.mkfifo(project / "pipe.py")
    (project / "latin.py").write_bytes(b"# \xe9\n")
    assert check(".") == (0, "1 generated file: 1 fresh\n")


def test_links_to_files_are_followed_once(project: Path, check: Check):
    (project / "out").mkdir()
    (project / "out" / "linked.py").symlink_to(project / "src" / "diff_model.py")
    assert check("out") == (0, "1 generated file: 1 fresh\n")
    assert check(".") == (0, "1 generated file: 1 fresh\n")
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    assert check("--fix", "out")[0] == 0
    assert (project / "out" / "linked.py").is_symlink()


def test_a_generated_file_that_is_no_text(project: Path, check: Check):
    target = project / "src" / "diff_model.py"
    data = target.read_bytes() + b"x = '\xff'\n"
    target.write_bytes(data)
    code, said = check("--fix", ".")
    assert code == 1 and "edited by hand: " in said and "is not UTF-8" in said
    assert target.read_bytes() == data


def test_permissions(project: Path, check: Check):
    target = project / "src" / "diff_model.py"
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    target.chmod(0o444)
    if os.access(target, os.W_OK):
        pytest.skip("root may read and write everywhere")
    code, said = check("--fix", ".")
    assert code == 123 and "read-only" in said
    target.chmod(0)
    code, said = check(".")
    assert code == 123 and "cannot be read: Permission denied" in said


def test_own_rules_are_a_source(project: Path, check: Check):
    write(
        project / "src" / "rules" / "rules.py",
        """
        from sct.rules.registry import elementwise


        @elementwise("lib.cube")
        def cube(y, x):
            return 3 * x**2
        """,
    )
    write(project / "src" / "model.py", "import lib\ndef loss(w: float):\n    return lib.cube(w)\n")
    from sct.rules.own import loaded

    with loaded(""):
        transform("--rules", "src/rules/rules.py", "src/model.py::loss", "-o", "src/diff_model.py")
    assert "from model.py, rules/rules.py." in (project / "src" / "diff_model.py").read_text()
    assert check(".")[0] == 0
    edit(project / "src" / "rules" / "rules.py", "3 * x**2", "3 * x * x")
    code, said = check(".")
    assert code == 1 and "stale: src/rules/rules.py changed" in said
    assert "--rules src/rules/rules.py" in said
    assert_mended(check, said)


def test_options_of_the_project_do_not_change_a_recipe(project: Path, check: Check):
    pyproject.cache_clear()
    write(project / "pyproject.toml", "[tool.sct]\nstandalone = true\nmode = 'forward'\n")
    assert check(".")[0] == 0
    edit(project / "src" / "model.py", "np.tanh", "np.sin")
    code, said = check(".")
    assert code == 1 and "--no-standalone" in said
    assert_mended(check, said)
    pyproject.cache_clear()
    write(project / "pyproject.toml", "[tool.sct]\nwrt = ['x']\n")
    edit(project / "src" / "diff_model.py", "--wrt w ", "")
    code, said = check(".")
    assert code == 1 and "    sct check --fix src/diff_model.py" in said


def test_printed_files_find_their_source(project: Path, check: Check):
    (project / "printed.py").write_text(sct.transform(project / "src" / "model.py", "energy"))
    code, said = check("printed.py")
    assert code == 1 and "moved: model.py is src/model.py now" in said


def test_what_is_checked_in_here_is_fresh(check: Check):
    code, said = check(ROOT / "mixtures", ROOT / "samples")
    assert code == 0, said
