"""The modes of differentiation.

In: a first-order routine (`frontend.lift`), its independents and what is assumed of its parameters. Out: the function
definitions of its derivative, helpers first, the entry last.
"""
