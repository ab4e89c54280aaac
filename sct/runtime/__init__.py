"""The helpers that generated code may call: small, documented, differentiable themselves.

Generated code needs NumPy and these. With ``--standalone`` the text of each helper that is used is copied into the
generated file, so a helper reads nothing but `np` and other helpers of this package.

A *structure* is a number, an array, or a list, tuple or dict of structures. ``s`` is a seed: a tangent or an adjoint
that a partial derivative scales. Helpers that scale a seed return zero where the seed is exactly zero, also where
the partial derivative is infinite.
"""

from __future__ import annotations

from .guards import (
    check_seed,
    check_tangent,
    require_array,
    require_distinct,
    require_float,
    require_members,
    require_scalar,
    require_scalar_result,
    require_view,
)
from .products import (
    diag_bar,
    dot_bar_left,
    dot_bar_right,
    inner_bar_left,
    inner_bar_right,
    matmul_bar_left,
    matmul_bar_right,
)
from .reductions import cumsum_bar, diff_bar, max_share, max_tangent, others, others_curve, others_slope
from .scaling import exceeds, exponent_slope, over, power_slope, sign, times
from .sequences import (
    as_list,
    column_split_like,
    first_max_bar,
    first_max_tangent,
    first_min_bar,
    first_min_tangent,
    hsplit_like,
    members,
    repeat_bar,
    select_bar,
    split_like,
    sum_bar,
    tile_bar,
    vsplit_like,
)
from .shapes import astype_like, count, like, spread, unbroadcast
from .special import bessel_i, exponent_of, polygamma, sinc_slope
from .structures import add, finish, last_writes, put_back, save, scatter, take_add, written, zeros_like, zeros_mirror
from .tables import interp_bar, interp_slope, interp_slope_bar

__all__ = [
    "add",
    "as_list",
    "astype_like",
    "bessel_i",
    "check_seed",
    "check_tangent",
    "column_split_like",
    "count",
    "cumsum_bar",
    "diag_bar",
    "diff_bar",
    "dot_bar_left",
    "dot_bar_right",
    "exceeds",
    "exponent_of",
    "exponent_slope",
    "finish",
    "first_max_bar",
    "first_max_tangent",
    "first_min_bar",
    "first_min_tangent",
    "hsplit_like",
    "inner_bar_left",
    "inner_bar_right",
    "interp_bar",
    "interp_slope",
    "interp_slope_bar",
    "last_writes",
    "like",
    "matmul_bar_left",
    "matmul_bar_right",
    "max_share",
    "max_tangent",
    "members",
    "others",
    "others_curve",
    "others_slope",
    "over",
    "polygamma",
    "power_slope",
    "put_back",
    "repeat_bar",
    "require_array",
    "require_distinct",
    "require_float",
    "require_members",
    "require_scalar",
    "require_scalar_result",
    "require_view",
    "save",
    "scatter",
    "select_bar",
    "sign",
    "sinc_slope",
    "split_like",
    "spread",
    "sum_bar",
    "take_add",
    "tile_bar",
    "times",
    "unbroadcast",
    "vsplit_like",
    "written",
    "zeros_like",
    "zeros_mirror",
]
