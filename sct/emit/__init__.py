"""Trees to text: names, comments, checks, files and running functions.

In: derived functions full of references, and the resolver that knows what these mean. Out: the text of a module
(`module.assemble`), or a function of the running program (`live.build`).
"""
