"""The walk-through of samples/review: its commands run, and print what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sct_cli.main import main

from tests.golden_files import same_text

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "samples" / "review"
BLOCK = re.compile(r"(?<=```console\n).*?(?=```\n)", re.S)


@pytest.fixture
def shell(tmp_path: Path):
    """Return a function that runs a command in a copy of the folder."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    copy, tools = tmp_path / "review", tmp_path / "tools"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    tools.mkdir()
    for name, call in (("sct", "-m sct"), ("black", "-m black"), ("python", "")):
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        (tools / name).chmod(0o755)
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    identity = {f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env |= {"PATH": f"{tools}:{env['PATH']}", "NO_COLOR": "1", "GIT_CONFIG_GLOBAL": os.devnull, **identity}
    env |= {"PYTHONPATH": str(ROOT), "GIT_CONFIG_NOSYSTEM": "1", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(command: str) -> str:
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(command, shell=True, cwd=copy, env=env, text=True, **both).stdout

    return run


def test_walk_through(shell, request):
    def fresh(block: re.Match[str]) -> str:
        commands = [line for line in block[0].splitlines() if line.startswith("$ ")]
        return "".join(f"{command}\n{shell(command[2:])}" for command in commands)

    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    same_text(FOLDER / "README.md", BLOCK.sub(fresh, text), request.config.getoption("--update-golden"))


def test_the_hook_looks_everywhere_whatever_file_changed():
    hook = dict(line.strip("- ").split(": ", 1) for line in (ROOT / ".pre-commit-hooks.yaml").read_text().splitlines())
    assert (hook["id"], hook["entry"], hook["args"]) == ("sct-check", "sct check", '["."]')
    assert hook["pass_filenames"] == "false" and hook["language"] == "python"


def test_the_derivative_is_fresh(capsys):
    assert main(["check", str(FOLDER)]) == 0
    assert "1 generated file: 1 fresh" in capsys.readouterr().out
