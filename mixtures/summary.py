"""What ``python -m mixtures`` prints of a fit: tables to read, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from mixtures.table import Table


def as_json(model: Any, table: Table) -> str:
    """Return everything about a fit as one JSON object."""
    parameters = {name: getattr(model, f"{name}_").tolist() for name in ("weights", "means", "covariances")}
    settings = {
        "components": model.n_components,
        "covariance_type": model.covariance_type,
        "solver": model.solver,
        "seed": model.random_state,
    }
    data = {"columns": table.names, "rows": len(table.values)}
    return json.dumps(data | settings | _criteria(model, table) | parameters, indent=2, allow_nan=False)


def as_text(model: Any, table: Table) -> str:
    """Return everything about a fit as tables."""
    return "\n".join(_lines(model, table))


def _criteria(model: Any, table: Table) -> dict[str, Any]:
    X = table.values
    return {
        "converged": bool(model.converged_),
        "iterations": int(model.n_iter_),
        "log_likelihood": model.score(X) * len(X),
        "bic": model.bic(X),
        "aic": model.aic(X),
    }


def _lines(model: Any, table: Table) -> Iterator[str]:
    found = _criteria(model, table)
    n, k, kind = len(table.values), model.n_components, model.covariance_type
    components = "component" if k == 1 else "components"
    how = f"{'converged' if found['converged'] else 'not converged'} in {found['iterations']} iterations"
    yield f"{n} rows, {k} {components}, {kind} covariances, {model.solver}: {how}"
    yield f"log-likelihood {found['log_likelihood']:.4f}   BIC {found['bic']:.4f}   AIC {found['aic']:.4f}"
    yield ""
    rows = [[weight, *mean] for weight, mean in zip(model.weights_, model.means_, strict=True)]
    yield from _grid(["mean of", "weight", *table.names], [str(c) for c in range(k)], rows)
    yield ""
    covariances = model.covariances_
    if kind == "diag":
        yield from _grid(["variance of", *table.names], [str(c) for c in range(k)], covariances)
    elif kind == "spherical":
        yield from _grid(["variance of", "all columns"], [str(c) for c in range(k)], covariances[:, None])
    elif kind == "tied":
        yield from _grid(["covariance of all", *table.names], table.names, covariances)
    else:
        for component, matrix in enumerate(covariances):
            yield from ([""] if component else [])
            yield from _grid([f"covariance of {component}", *table.names], table.names, matrix)


def _grid(head: Sequence[str], names: Sequence[str], rows: Any) -> Iterator[str]:
    """Yield the lines of a table: names on the left, numbers of six digits on the right."""
    cells = [list(head), *([name, *(f"{value:.6g}" for value in row)] for name, row in zip(names, rows, strict=True))]
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    for first, *others in cells:
        parts = [first.ljust(widths[0]), *(text.rjust(w) for text, w in zip(others, widths[1:], strict=True))]
        yield "  ".join(parts).rstrip()
