"""The house: what may import what, how fast it starts, how it is packed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, absolute ones as they are written."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def test_sct_imports_neither_the_command_nor_the_library():
    for path in (ROOT / "sct").rglob("*.py"):
        if path.name != "__main__.py":  # `python -m sct` is the command
            found = {name.partition(".")[0] for name in imports(path)}
            assert not found & {"sct_cli", "cli", "mixtures"}, path


def test_the_command_imports_itself_relatively_and_not_the_library():
    for path in (ROOT / "cli").rglob("*.py"):
        found = {name.partition(".")[0] for name in imports(path)}
        assert not found & {"sct_cli", "cli", "mixtures"}, path


@pytest.mark.parametrize(("package", "room"), [("astor", "print.py"), ("black", "format.py")])
def test_astor_and_black_are_imported_in_one_room_each(package: str, room: str):
    for path in (ROOT / "sct").rglob("*.py"):
        found = {name.partition(".")[0] for name in imports(path)}
        assert package not in found or path == ROOT / "sct" / "emit" / room, path


def test_every_package_is_packed():
    named = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {
        ".".join(path.parent.relative_to(ROOT).parts).replace("cli", "sct_cli", 1)
        for top in ("sct", "cli", "mixtures")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert named == {name.replace("sct_sct_cli", "sct_cli") for name in found}


def test_every_package_says_what_it_is():
    for path in (ROOT / "sct").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_files_and_functions_are_short():
    for path in [*(ROOT / "sct").rglob("*.py"), *(ROOT / "cli").rglob("*.py")]:
        text = path.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 80, f"{path}: {node.name}"


def test_nothing_of_the_machine_is_in_the_project():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    for name in tracked.stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".toml", ".md", ".txt", ".yaml", ".cfg"} and path != Path(__file__).resolve():
            assert not re.search(r"/(work|home|root|Users)/\w", path.read_text()), name


def loaded_after(statement: str) -> set[str]:
    script = f"import sys; {statement}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_importing_sct_imports_next_to_nothing():
    more = loaded_after("import sct") - loaded_after("import typing")
    assert {m for m in more if not m.startswith("sct")} <= {"__future__"}


def test_the_live_door_imports_neither_black_nor_astor():
    statement = "import sys; sys.path.insert(0, 'samples'); import function, sct; sct.grad(function.f)(1.0, 2.0)"
    assert not {"black", "astor"} & loaded_after(statement)


def test_generated_code_needs_numpy_alone():
    found = loaded_after("import sct.runtime")
    assert not {m for m in found if m.startswith("sct.") and not m.startswith("sct.runtime")} - {"sct.version"}


def test_wheels_hold_everything(tmp_path: Path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("sct", "cli", "mixtures"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path), str(source)]
    found = subprocess.run(build, capture_output=True, text=True)
    if found.returncode:
        pytest.skip("wheels cannot be built here, perhaps for want of a network")
    (wheel,) = tmp_path.glob("sct_ad-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, package in (("sct", "sct"), ("cli", "sct_cli"), ("mixtures", "mixtures")):
        files = {f"{package}/{p.relative_to(source / folder).as_posix()}" for p in (source / folder).rglob("*.py")}
        assert files <= names
    assert "sct/py.typed" in names
