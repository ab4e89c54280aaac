"""From a file or a live function to the core language.

In: a path, a text or a function object. Out: a `Module` or `Function` (`read`), whose names are then variables or
references (`resolve`), and whose statements are those of the core language (`lift`, `structure`, `flatten`).
Everything here reads; nothing imports or runs what it reads.

`source` says what a module and a function are, `scopes` and `bindings` what they bind, `search` which file an import
means, `names` what a global name means across files, `rewrite` puts references in. `live`, `values` and `running`
look at function objects and the values around them.
"""
