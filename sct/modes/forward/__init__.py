"""Forward mode.

In: a first-order routine, its independents and what is assumed of its parameters. Out: its statements, each with its
tangent behind it; helpers first, the entry last. `compile` puts a function together.
"""
