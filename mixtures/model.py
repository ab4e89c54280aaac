"""The estimator: Gaussian mixtures with the interface of scikit-learn, fitted with generated gradients."""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, DensityMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from mixtures import densities, initial, sampling
from mixtures.data import Data, given, learned_names, row_weights
from mixtures.em import compared_with
from mixtures.likelihood import Array, Parameters
from mixtures.progress import Run
from mixtures.rows import Labels, Rows, centred
from mixtures.solvers import SOLVERS, average

NOT_CONVERGED = (
    "Best performing initialization did not converge. Try different init parameters, or increase max_iter, tol, or "
    "check for degenerate data."
)

#: A component with a smaller weight in rows than this is empty.
EMPTY = 1e-6


class GaussianMixture(DensityMixin, BaseEstimator):  # type: ignore[misc]
    """A mixture of Gaussians with scikit-learn's interface, whose fit rests on generated gradients.

    Parameters, attributes and methods of ``sklearn.mixture.GaussianMixture`` have their meaning here. New are `solver`,
    `learn`, `gradient_tol` and `keep_history`, and in `fit` the arguments `sample_weight` and `labels`.

    Parameters
    ----------
    n_components : int, default=1
        How many Gaussians there are.
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
        Whether each component has a covariance matrix of its own, all share one, or each has variances of its features,
        or one variance.
    tol : float, default=1e-3
        The fit has converged when the average log-likelihood of a row changes by less than this in one iteration.
    reg_covar : float, default=1e-6
        EM adds this to the diagonals of covariances in each iteration. L-BFGS lets no variance of a feature, given the
        features before it, fall below this.
    max_iter : int, default=100
        The greatest number of iterations.
    n_init : int, default=1
        How many starts are tried; the fit of greatest log-likelihood is kept.
    init_params : {"kmeans", "k-means++", "random", "random_from_data"}, default="kmeans"
        How a fit starts: from clusters of k-means, from rows that its initialisation chooses, from random
        responsibilities, or from random rows.
    weights_init : array of shape (k,), default=None
        The weights to start from.
    means_init : array of shape (k, d), default=None
        The means to start from.
    precisions_init : array, default=None
        The inverse covariances to start from, in the shape of `covariances_`.
    random_state : int, RandomState instance or None, default=None
        Where random numbers come from, for starts and for `sample`.
    warm_start : bool, default=False
        Whether a further fit starts where the last one ended.
    verbose : int, default=0
        1 prints the initialisations and iterations, 2 the times and log-likelihoods too.
    verbose_interval : int, default=10
        How many iterations there are from one that is printed to the next.
    solver : {"em", "lbfgs", "em+lbfgs", "hard"}, default="em"
        Expectation-maximisation; SciPy's L-BFGS-B on the gradient of the log-likelihood (after one iteration of EM
        where components start from single rows); ten iterations of the first and then the second; or EM that counts
        each row to its most probable component alone, as k-means does, whose `lower_bound_` is the average log-density
        of rows together with their components.
    learn : str or collection of str, default=("weights", "means", "covariances")
        What is learned. What is not keeps the value that it starts from: weights are then uniform and covariances one
        unless `weights_init` and `precisions_init` are given, and `means_init` has to be given.
    gradient_tol : float, default=None
        If given, the fit has converged when no slope of the average log-likelihood is greater, and `tol` counts no
        more. Slopes are taken in free parameters that are of order one: logits of weights, and means and Cholesky
        factors of precisions in coordinates in which covariances are near the unit matrix. EM comes so far only with a
        small `reg_covar`.
    keep_history : bool, default=True
        Whether `history_` is kept, which takes the memory of the parameters for each iteration.

    Attributes
    ----------
    weights_ : array of shape (k,)
        The weights.
    means_ : array of shape (k, d)
        The means.
    covariances_ : array
        The covariances: of shape (k, d, d) for "full", (d, d) for "tied", (k, d) for "diag", (k,) for "spherical".
    precisions_ : array
        The inverse covariances, in the same shape.
    precisions_cholesky_ : array
        Upper triangular matrices U with ``precisions_ = U U'``, or the square roots of `precisions_`.
    converged_ : bool
        Whether the best fit converged.
    n_iter_ : int
        The number of its iterations.
    lower_bound_ : float
        The average log-likelihood of a row before the last M-step of EM, or after the last iteration of L-BFGS.
    lower_bounds_ : list of float
        The same for each iteration.
    history_ : list of Iteration
        Weights, means, covariances and their average log-likelihood: at the start and after each iteration.
    n_features_in_ : int
        The number of features.
    feature_names_in_ : array of shape (d,)
        The names of features, if X had any.

    Examples
    --------
    >>> import numpy as np
    >>> from mixtures import GaussianMixture
    >>> X = np.array([[1.0, 2.0], [1.0, 4.0], [1.0, 0.0], [10.0, 2.0], [10.0, 4.0], [10.0, 0.0]])
    >>> model = GaussianMixture(2, random_state=0).fit(X)
    >>> np.sort(model.means_[:, 0]).round(6)
    array([ 1., 10.])
    >>> bool(model.predict([[0.0, 0.0]])[0] == model.predict([[1.0, 3.0]])[0])
    True

    Rows may count more than once, and some may have a known component:

    >>> labels = [1, -1, -1, 0, -1, -1]
    >>> model = GaussianMixture(2, solver="em+lbfgs", random_state=0)
    >>> model.fit(X, sample_weight=[1, 1, 1, 2, 2, 2], labels=labels).means_.round(6)
    array([[10.,  2.],
           [ 1.,  2.]])
    >>> model.weights_.round(6)
    array([0.666667, 0.333333])

    References
    ----------
    C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), chapter 9.
    """

    _parameter_constraints: dict[str, list[Any]] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "covariance_type": [StrOptions({"full", "tied", "diag", "spherical"})],
        "tol": [Interval(Real, 0.0, None, closed="left")],
        "reg_covar": [Interval(Real, 0.0, None, closed="left")],
        "max_iter": [Interval(Integral, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "init_params": [StrOptions({"kmeans", "random", "random_from_data", "k-means++"})],
        "weights_init": ["array-like", None],
        "means_init": ["array-like", None],
        "precisions_init": ["array-like", None],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
        "verbose_interval": [Interval(Integral, 1, None, closed="left")],
        "solver": [StrOptions(set(SOLVERS))],
        "learn": [StrOptions(set(initial.ALL)), tuple, list, set, frozenset],
        "gradient_tol": [Interval(Real, 0.0, None, closed="left"), None],
        "keep_history": ["boolean"],
    }

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        weights_init: npt.ArrayLike | None = None,
        means_init: npt.ArrayLike | None = None,
        precisions_init: npt.ArrayLike | None = None,
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        verbose: int = 0,
        verbose_interval: int = 10,
        solver: str = "em",
        learn: str | Collection[str] = initial.ALL,
        gradient_tol: float | None = None,
        keep_history: bool = True,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval
        self.solver = solver
        self.learn = learn
        self.gradient_tol = gradient_tol
        self.keep_history = keep_history

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit(
        self,
        X: npt.ArrayLike,
        y: object = None,
        sample_weight: npt.ArrayLike | None = None,
        *,
        labels: npt.ArrayLike | None = None,
    ) -> GaussianMixture:
        """Estimate the parameters.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.
        y : None
            Not used.
        sample_weight : array of shape (n,), optional
            How often each row counts.
        labels : array of shape (n,), optional
            The components that rows are known to come from, and -1 where they are not known. With all known the fit is
            that of a supervised classifier, with none known that of a clustering.

        Returns
        -------
        GaussianMixture
            The estimator itself.

        Raises
        ------
        ValueError
            If an argument does not fit, or a covariance becomes singular.
        """
        self._fit(X, sample_weight, labels)
        return self

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit_predict(
        self,
        X: npt.ArrayLike,
        y: object = None,
        sample_weight: npt.ArrayLike | None = None,
        *,
        labels: npt.ArrayLike | None = None,
    ) -> Labels:
        """Estimate the parameters and return the most probable component of each row.

        Parameters
        ----------
        X, y, sample_weight, labels
            As for `fit`.

        Returns
        -------
        array of shape (n,)
            The components, as `predict` returns them.
        """
        return densities.most_probable(self._fit(X, sample_weight, labels), self)

    def score_samples(self, X: npt.ArrayLike) -> Array:
        """Return the log-density of each row.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.

        Returns
        -------
        array of shape (n,)
            The log-densities.
        """
        return densities.log_densities(self._known(X), self)

    def score(self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None) -> float:
        """Return the average log-likelihood of a row.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.
        y : None
            Not used.
        sample_weight : array of shape (n,), optional
            How often each row counts.

        Returns
        -------
        float
            The average.
        """
        values = self.score_samples(X)
        if sample_weight is None:
            return float(np.mean(values))
        return float(np.average(values, weights=row_weights(sample_weight, len(values), np.dtype(np.float64))))

    def predict(self, X: npt.ArrayLike) -> Labels:
        """Return the most probable component of each row.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.

        Returns
        -------
        array of shape (n,)
            The components.
        """
        return densities.most_probable(self._known(X), self)

    def predict_proba(self, X: npt.ArrayLike) -> Array:
        """Return the probability of each component given each row.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.

        Returns
        -------
        array of shape (n, k)
            The probabilities.
        """
        return densities.responsibilities(self._known(X), self)

    def sample(self, n_samples: int = 1) -> tuple[Array, Labels]:
        """Return random rows of the mixture.

        Parameters
        ----------
        n_samples : int, default=1
            How many rows.

        Returns
        -------
        X : array of shape (n, d)
            The rows, in the order of their components.
        y : array of shape (n,)
            The components.
        """
        check_is_fitted(self)
        if n_samples < 1:
            raise ValueError(f"Invalid value for 'n_samples': {n_samples}. The sampling requires at least one sample.")
        parameters = self.weights_, self.means_, self.covariances_
        return sampling.draw(n_samples, *parameters, self.covariance_type, check_random_state(self.random_state))

    def bic(self, X: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float:
        """Return Schwarz's Bayesian information criterion: the lower, the better.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.
        sample_weight : array of shape (n,), optional
            How often each row counts.

        Returns
        -------
        float
            Minus twice the log-likelihood, and the logarithm of the number of rows for each parameter.
        """
        n = _number_of_rows(X, sample_weight)
        return -2.0 * self.score(X, sample_weight=sample_weight) * n + self._n_parameters() * math.log(n)

    def aic(self, X: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float:
        """Return Akaike's information criterion: the lower, the better.

        Parameters
        ----------
        X : array of shape (n, d)
            The data.
        sample_weight : array of shape (n,), optional
            How often each row counts.

        Returns
        -------
        float
            Minus twice the log-likelihood, and 2 for each parameter.
        """
        n = _number_of_rows(X, sample_weight)
        return -2.0 * self.score(X, sample_weight=sample_weight) * n + 2.0 * self._n_parameters()

    def _n_parameters(self) -> int:
        """Return how many numbers are learned."""
        k, d = self.means_.shape
        covariances = {"full": k * d * (d + 1) // 2, "tied": d * (d + 1) // 2, "diag": k * d, "spherical": k}
        numbers = {"weights": k - 1, "means": k * d, "covariances": covariances[self.covariance_type]}
        return sum(numbers[name] for name in initial.ALL if name in learned_names(self.learn))

    def _known(self, X: npt.ArrayLike) -> Array:
        check_is_fitted(self)
        return validate_data(self, X, reset=False)  # type: ignore[no-any-return]

    def _fit(self, X: npt.ArrayLike, sample_weight: npt.ArrayLike | None, labels: npt.ArrayLike | None) -> Array:
        """Fit and return the validated data."""
        data = Data(self, X, sample_weight, labels)
        going_on = self.warm_start and hasattr(self, "converged_")
        random_state = check_random_state(self.random_state)
        best: tuple[Run, Parameters] | None = None
        for number in range(1 if going_on else self.n_init):
            run = Run(self, self.lower_bound_ if going_on else -math.inf)
            run.print_start(number)
            parameters = data.last(self) if going_on else data.first(self, random_state)
            compared_with(parameters, self.covariance_type)
            if self.max_iter > 0:
                parameters = SOLVERS[self.solver](data.rows, parameters, run, self.max_iter)
                run.print_end()
            if best is None or run.lower_bound > best[0].lower_bound or best[0].lower_bound == -math.inf:
                best = run, parameters
        assert best is not None
        self._keep(*best, data)
        return data.X

    def _keep(self, run: Run, parameters: Parameters, data: Data) -> None:
        """Set the fitted attributes from the best run."""
        rows, weights = data.rows, parameters[0]
        self._set(parameters, rows)
        self.converged_ = run.converged
        self.n_iter_ = run.n_iter
        self.lower_bound_ = run.lower_bound
        self.lower_bounds_ = run.lower_bounds
        last = average(rows, parameters, self.solver) if self.keep_history else math.nan
        self.history_ = run.history(rows.centre, parameters, last)
        if self.max_iter > 0 and not run.converged:
            warnings.warn(NOT_CONVERGED, ConvergenceWarning, stacklevel=5)
        least = int(np.argmin(weights))
        if "weights" in learned_names(self.learn) and weights[least] * rows.total_weight < EMPTY:
            warnings.warn(
                f"Component {least} has no rows. Try fewer components, other init_params, or a greater n_init.",
                ConvergenceWarning,
                stacklevel=5,
            )

    def _initialize(self, X: Array, resp: Array) -> None:
        """Set the parameters that a fit starts from, given responsibilities; scikit-learn has this method too."""
        k, d = resp.shape[1], X.shape[1]
        weights = np.ones(len(X), X.dtype)
        rows = centred(X, weights, None, self.covariance_type)
        learned = learned_names(self.learn)
        self._set(initial.start(rows, X, resp, weights, given(self, k, d), learned, k, self.reg_covar), rows)

    def _set(self, parameters: Parameters, rows: Rows) -> None:
        """Set the attributes that hold parameters, in the coordinates and the precision of the data."""
        weights, means, covariances = parameters
        factors = compared_with(parameters, self.covariance_type)[0]
        if self.covariance_type in ("full", "tied"):
            factors = np.triu(np.swapaxes(factors, -1, -2))
        parts = (weights, means + rows.centre, covariances, factors)
        self._set_parameters(tuple(np.asarray(part, rows.dtype) for part in parts))

    def _set_parameters(self, parameters: tuple[Array, ...]) -> None:
        """Set weights, means, covariances and Cholesky factors of precisions, and the precisions that follow."""
        self.weights_, self.means_, self.covariances_, self.precisions_cholesky_ = parameters
        factors = self.precisions_cholesky_
        matrices = self.covariance_type in ("full", "tied")
        self.precisions_ = factors @ np.swapaxes(factors, -1, -2) if matrices else factors**2


def _number_of_rows(X: npt.ArrayLike, sample_weight: npt.ArrayLike | None) -> float:
    return float(len(np.asarray(X)) if sample_weight is None else np.sum(sample_weight))
