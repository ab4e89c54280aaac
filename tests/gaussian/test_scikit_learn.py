"""scikit-learn's own tests of GaussianMixture, with our class in its place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mixtures

estimator_checks = pytest.importorskip("sklearn.utils.estimator_checks")
ROOT = Path(__file__).resolve().parents[2]

EXCEPT = {
    "test_gaussian_mixture_all_init_does_not_estimate_gaussian_parameters": (
        "counts how often a private function of scikit-learn's module is called, which ours does not use"
    ),
}


@pytest.mark.parametrize("solver", ["em", "lbfgs", "em+lbfgs", "hard"])
def test_check_estimator(solver):
    results = estimator_checks.check_estimator(mixtures.GaussianMixture(solver=solver), on_skip=None, on_fail=None)
    assert len(results) > 30
    assert [r["check_name"] for r in results if r["status"] not in ("passed", "skipped")] == []


def test_the_tests_of_scikit_learn(tmp_path):
    modules = ["sklearn.mixture.tests.test_gaussian_mixture", "sklearn.mixture.tests.test_mixture"]
    settings = ["-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "-p", "tests.gaussian.stand_in"]
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-rfE", *settings, "--pyargs", *modules]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    failed = set(re.findall(r"^(?:FAILED|ERROR) \S*?::(\w+)", found.stdout, re.M))
    assert failed == set(EXCEPT), found.stdout
    assert int(re.search(r"(\d+) passed", found.stdout)[1]) >= 59
