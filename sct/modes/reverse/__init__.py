"""Reverse mode.

In: a first-order routine, its independents and what is wanted. Out: function definitions, the entry last. `compile`
writes entries and helpers; `body` takes one function through three stages: `adjoint` pairs each statement with its
adjoint statements, `saving` decides what the reverse sweep needs saved, `sweeps` writes the two sweeps.
"""
