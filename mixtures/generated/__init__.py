"""Derivatives of `mixtures.objective`, as ``sct transform`` wrote them; the head of each file names the command.

``rows_…`` are derivatives of the log-likelihood of some rows, ``natural_…`` and ``free_…`` those of the steps from
parameters to what the rows need; ``…_vjp`` is reverse mode, ``…_jvp`` forward mode, ``…_hvp`` forward mode of the
reverse mode: products with the Hessian matrix.
"""
