"""Generated code that reads as written by hand.

In: the statements of a resolved function, with temporaries and compiler-made nodes (see `sct.core`). Out: statements
that compute the same. Every pass is a pure function, linear or nearly so in the length of the function.
"""

from sct.simplify.asked import asked_once
from sct.simplify.factors import factor
from sct.simplify.fold import fold, fold_expr
from sct.simplify.merge import merge_adjoints
from sct.simplify.naming import name_temporaries, rename_temporaries, temporary_names
from sct.simplify.prune import prune
from sct.simplify.renest import renest
from sct.simplify.share import share

__all__ = [
    "asked_once",
    "factor",
    "fold",
    "fold_expr",
    "merge_adjoints",
    "name_temporaries",
    "prune",
    "rename_temporaries",
    "renest",
    "share",
    "temporary_names",
]
