"""What is known of a function without running it.

In: a function's tree. Out: frozen results, handed on explicitly: kinds of values, alias classes, activity, assumptions.
"""
