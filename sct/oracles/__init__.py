"""Independent derivatives, to hold others against: divided differences, interpolants, complex step, dual numbers.

In: an ordinary Python function, its arguments and their tangents. Out: the tangent of its result, as one flat vector.
Nothing here knows the compiler. The complex step and the dual numbers run a copy of the function, and of the functions
that it calls, in which ``math`` and ``numpy`` are stood in for by versions that carry the derivative along.
"""

from .complex_step import complex_step
from .differences import Difference, differences, divided_difference
from .dual import Dual
from .dual_numbers import dual_jacobian, dual_numbers
from .interpolation import interpolation
from .matrices import Oracle, dot_product_gap, jacobian
from .structures import NotApplicable, Vector, flatten, leaves, unflatten

__all__ = [
    "Difference",
    "Dual",
    "NotApplicable",
    "Oracle",
    "Vector",
    "complex_step",
    "differences",
    "divided_difference",
    "dot_product_gap",
    "dual_jacobian",
    "dual_numbers",
    "flatten",
    "interpolation",
    "jacobian",
    "leaves",
    "unflatten",
]
