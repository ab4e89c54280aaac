"""Generated files under review: whether they are still what sct writes, and what a change of a source changes in them.

In: paths of files and folders, or a function. Out: a `Verdict` for each generated file; differences of texts.
"""
