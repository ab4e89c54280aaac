"""Pictures of mixtures: ellipses of standard deviations, and rows in colours that their responsibilities blend.

They are drawn with matplotlib, which is imported for the first picture: ``pip install 'sct-ad[plot]'``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mixtures.densities import responsibilities_under
from mixtures.em import compared_with
from mixtures.likelihood import Array, Parameters

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Colours of components that people see apart who do not see red and green apart.
#: M. Okabe and K. Ito, "Color universal design" (2008); black and yellow are left out.
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")

#: What the colours of ellipses are multiplied by, so that they stand out against the rows in them.
DARKER = 0.75

#: More rows than this are pixels in files of vector graphics, which would otherwise become large and slow.
MANY = 5000

#: The axes have one scale where the ranges of the features differ by no more than this factor.
COMPARABLE = 3.0


def palette(n_components: int) -> Array:
    """Return the colours of components.

    Parameters
    ----------
    n_components : int
        How many there are.

    Returns
    -------
    array of shape (k, 3)
        Red, green and blue of each, from 0 to 1.

    Examples
    --------
    >>> palette(2).round(2)
    array([[0.  , 0.45, 0.7 ],
           [0.84, 0.37, 0.  ]])
    """
    matplotlib = _matplotlib()
    if n_components <= len(OKABE_ITO):
        return np.array([matplotlib.colors.to_rgb(name) for name in OKABE_ITO[:n_components]])
    return np.array(matplotlib.colormaps["viridis"](np.linspace(0.0, 0.85, n_components))[:, :3])


def blended(responsibilities: npt.ArrayLike) -> Array:
    """Return the colours of rows: those of the components, each by its share in the row.

    Parameters
    ----------
    responsibilities : array of shape (n, k)
        The probability of each component given each row, as ``predict_proba`` returns it.

    Returns
    -------
    array of shape (n, 3)
        Red, green and blue of each row, from 0 to 1.

    Examples
    --------
    >>> blended([[1.0, 0.0], [0.5, 0.5]]).round(2)
    array([[0.  , 0.45, 0.7 ],
           [0.42, 0.41, 0.35]])
    """
    shares = np.asarray(responsibilities)
    return np.clip(shares @ palette(shares.shape[1]), 0.0, 1.0)


def ellipses(
    means: npt.ArrayLike,
    covariances: npt.ArrayLike,
    covariance_type: str = "full",
    *,
    ax: Axes | None = None,
    features: tuple[int, int] = (0, 1),
    deviations: Sequence[float] = (1.0, 2.0, 3.0),
) -> Axes:
    """Draw the ellipses on which the distance from the mean of a component is 1, 2, 3 standard deviations.

    They belong to the marginal distribution of two features. Of the rows of a Gaussian 39, 86 and 99 per cent lie
    within them.

    Parameters
    ----------
    means : array of shape (k, d)
        The means.
    covariances : array
        The covariances, in the shape of their type.
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
        As in ``GaussianMixture``.
    ax : matplotlib Axes, optional
        Where to draw; new ones if it is left out.
    features : tuple of two int, default=(0, 1)
        The positions of the features along the axes.
    deviations : sequence of float, default=(1, 2, 3)
        The distances.

    Returns
    -------
    matplotlib Axes
        Where it is drawn.

    Raises
    ------
    ValueError
        If there are no such features, or a covariance is singular.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = ellipses([[0.0, 0.0]], [4.0], "spherical", ax=Figure().subplots())
    >>> [float(line.get_xdata().max()) for line in ax.lines]
    [2.0, 4.0, 6.0]
    """
    means, covariances = np.asarray(means, np.float64), np.asarray(covariances, np.float64)
    _check(features, means.shape[1])
    compared_with((np.ones(len(means)), means, covariances), covariance_type)
    ax = _axes(ax)
    angles = np.linspace(0.0, 2.0 * np.pi, 181)
    circle = np.array([np.cos(angles), np.sin(angles)])
    for component, colour in enumerate(palette(len(means))):
        centre = means[component, list(features)]
        across = np.linalg.cholesky(_marginal(covariances, covariance_type, component, features)) @ circle
        for distance, width in zip(deviations, np.linspace(2.0, 1.0, len(deviations)), strict=True):
            ax.plot(*(centre[:, None] + distance * across), color=DARKER * colour, linewidth=width)
        _label(ax, component, centre, colour)
    return ax


def mixture(
    model: Any,
    X: npt.ArrayLike,
    *,
    ax: Axes | None = None,
    features: tuple[int, int] = (0, 1),
    names: Sequence[str] | None = None,
) -> Axes:
    """Draw rows in the colours that their responsibilities blend, and the ellipses of 1, 2, 3 standard deviations.

    Where there is one feature alone: a histogram of the rows, the densities of the components times their weights, and
    the sum of them.

    Parameters
    ----------
    model : GaussianMixture
        A fitted mixture, ours or scikit-learn's.
    X : array of shape (n, d)
        The data.
    ax : matplotlib Axes, optional
        Where to draw; new ones if it is left out.
    features : tuple of two int, default=(0, 1)
        The positions of the features along the axes.
    names : sequence of str, optional
        The names of all features; if they are left out, those that the model was fitted with.

    Returns
    -------
    matplotlib Axes
        Where it is drawn.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mixtures import GaussianMixture
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [5.0, 5.0], [5.0, 6.0], [6.0, 5.0]])
    >>> ax = mixture(GaussianMixture(2, random_state=0).fit(X), X, ax=Figure().subplots(), names=["length", "width"])
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('length', 'width')

    References
    ----------
    C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), figure 9.5, has the colours.
    """
    what = _Picture.of(model, X, features, names)
    ax = _axes(ax)
    what.draw(ax, (model.weights_, model.means_, model.covariances_))
    return ax


def one_against_two(
    X: npt.ArrayLike,
    *,
    figure: Figure | None = None,
    features: tuple[int, int] = (0, 1),
    names: Sequence[str] | None = None,
    **settings: Any,
) -> Figure:
    """Fit one Gaussian and a mixture of two, and draw them side by side.

    Parameters
    ----------
    X : array of shape (n, d)
        The data.
    figure : matplotlib Figure, optional
        Where to draw; a new one if it is left out.
    features, names
        As for `mixture`.
    **settings
        What both ``GaussianMixture`` are made with.

    Returns
    -------
    matplotlib Figure
        Where it is drawn.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [5.0, 5.0], [5.0, 6.0], [6.0, 5.0]])
    >>> figure = one_against_two(X, figure=Figure(), random_state=0)
    >>> [ax.get_title() for ax in figure.axes]
    ['One Gaussian, BIC 51.6', 'Two Gaussians, BIC 42.3']

    References
    ----------
    C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), figure 2.21.
    """
    from mixtures.model import GaussianMixture

    models = [GaussianMixture(k, **settings).fit(X) for k in (1, 2)]
    figure, panels = _panels(figure, 2, 2)
    for model, ax, title in zip(models, panels, ("One Gaussian", "Two Gaussians"), strict=True):
        mixture(model, X, ax=ax, features=features, names=names)
        ax.label_outer()
        ax.set_title(f"{title}, BIC {model.bic(X):.1f}")
    return figure


def iterations(
    model: Any,
    X: npt.ArrayLike,
    *,
    at: Sequence[int] = (0, 1, 2, 3, 4, 5, 6, 20),
    figure: Figure | None = None,
    features: tuple[int, int] = (0, 1),
    names: Sequence[str] | None = None,
) -> Figure:
    """Draw how a fit came about: its start, and what it had after some of its iterations.

    Parameters
    ----------
    model : GaussianMixture
        A fitted mixture with its ``history_``.
    X : array of shape (n, d)
        The data.
    at : sequence of int, default=(0, 1, 2, 3, 4, 5, 6, 20)
        Which iterations; 0 is the start. For those that the fit did not need, its last is shown once.
    figure : matplotlib Figure, optional
        Where to draw; a new one if it is left out.
    features, names
        As for `mixture`.

    Returns
    -------
    matplotlib Figure
        Where it is drawn.

    Raises
    ------
    ValueError
        If the model has no history.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mixtures import GaussianMixture
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [5.0, 5.0], [5.0, 6.0], [6.0, 5.0]])
    >>> model = GaussianMixture(2, random_state=0).fit(X)
    >>> [ax.get_title() for ax in iterations(model, X, figure=Figure(), at=(0, 1)).axes]
    ['Start', '1st iteration']

    References
    ----------
    C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), figure 9.8.
    """
    what = _Picture.of(model, X, features, names)
    if not getattr(model, "history_", None):
        raise ValueError("the model has no history: fit it with keep_history=True")
    shown = list(dict.fromkeys(min(i, len(model.history_) - 1) for i in at))
    figure, panels = _panels(figure, len(shown), min(4, len(shown)))
    for i, ax in zip(shown, panels, strict=True):
        what.draw(ax, model.history_[i][:3])
        ax.label_outer()
        ax.set_title("Start" if i == 0 else f"{_ordinal(i)} iteration")
    return figure


class _Picture(NamedTuple):
    """What all panels of a picture have in common."""

    X: Array
    covariance_type: str
    features: tuple[int, int]
    names: tuple[str, str]

    @classmethod
    def of(cls, model: Any, X: npt.ArrayLike, features: tuple[int, int], names: Sequence[str] | None) -> _Picture:
        """Check what is to be drawn."""
        from sklearn.utils.validation import check_is_fitted, validate_data

        check_is_fitted(model)
        rows: Array = validate_data(model, X, reset=False)
        d = rows.shape[1]
        if d > 1:
            _check(features, d)
        known = getattr(model, "feature_names_in_", [f"feature {i}" for i in range(d)]) if names is None else names
        if len(known) != d:
            raise ValueError(f"names holds {len(known)} names: X has {d} features")
        chosen = (str(known[features[0]]), str(known[features[1]])) if d > 1 else (str(known[0]), "density")
        return cls(rows, model.covariance_type, features, chosen)

    def draw(self, ax: Axes, parameters: Parameters) -> None:
        """Draw one panel."""
        ax.set_xlabel(self.names[0])
        ax.set_ylabel(self.names[1])
        if self.X.shape[1] == 1:
            self._draw_densities(ax, parameters)
            return
        _, means, covariances = parameters
        x, y = self.X[:, self.features[0]], self.X[:, self.features[1]]
        colours = blended(responsibilities_under(self.X, parameters, self.covariance_type))
        ax.scatter(x, y, c=colours, s=_size(len(x)), alpha=0.7, linewidths=0, rasterized=len(x) > MANY)
        ellipses(means, covariances, self.covariance_type, ax=ax, features=self.features)
        spans = np.ptp(x), np.ptp(y)
        if max(spans) <= COMPARABLE * min(spans):
            ax.set_aspect("equal", adjustable="box")

    def _draw_densities(self, ax: Axes, parameters: Parameters) -> None:
        weights, means, covariances = parameters
        k = len(weights)
        variances = [_marginal(covariances, self.covariance_type, c, (0, 0))[0, 0] for c in range(k)]
        low, high = self.X.min(), self.X.max()
        x = np.linspace(low - 0.1 * (high - low), high + 0.1 * (high - low), 401)
        parts = [
            weight * np.exp(-0.5 * (x - mean) ** 2 / variance) / np.sqrt(2.0 * np.pi * variance)
            for weight, (mean,), variance in zip(weights, means, variances, strict=True)
        ]
        ax.hist(self.X[:, 0], bins="auto", density=True, color="0.85")
        ax.plot(x, np.sum(parts, axis=0), color="0.2", linewidth=1.0)
        for component, (part, colour) in enumerate(zip(parts, palette(k), strict=True)):
            ax.plot(x, part, color=colour, linewidth=2.0)
            _label(ax, component, np.array([x[part.argmax()], part.max()]), colour)


def _matplotlib() -> Any:
    try:
        import matplotlib.colors
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"mixtures.plot needs matplotlib ({error}): pip install 'sct-ad[plot]'", name=error.name
        ) from None
    return matplotlib


def _axes(ax: Axes | None) -> Axes:
    """Return axes to draw on."""
    if ax is not None:
        return ax
    _matplotlib()
    from matplotlib import pyplot

    return pyplot.subplots(layout="constrained")[1]


def _panels(figure: Figure | None, number: int, columns: int) -> tuple[Figure, list[Axes]]:
    """Return a figure, and its panels in rows of some columns, whose axes have the same scales."""
    rows = -(-number // columns)
    if figure is None:
        _matplotlib()
        from matplotlib import pyplot

        size = 5.0 if number <= 2 else 3.4
        figure = pyplot.figure(figsize=(size * columns, 0.95 * size * rows), layout="constrained")
    panels = list(np.ravel(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)))
    for ax in panels[number:]:
        ax.set_axis_off()
    return figure, panels[:number]


def _check(features: tuple[int, int], d: int) -> None:
    if len(features) != 2 or not all(0 <= f < d for f in features) or features[0] == features[1]:
        raise ValueError(f"features is {features}: it must hold two different positions from 0 to {d - 1}")


def _marginal(covariances: Array, covariance_type: str, component: int, features: tuple[int, int]) -> Array:
    """Return the covariance matrix of two features in one component."""
    matrix = covariances if covariance_type == "tied" else covariances[component]
    if covariance_type in ("full", "tied"):
        return np.asarray(matrix[np.ix_(features, features)])
    return np.diag(np.broadcast_to(matrix, 2) if covariance_type == "spherical" else matrix[list(features)])


def _label(ax: Axes, component: int, place: Array, colour: Array) -> None:
    """Write the number of a component at its place, in a white circle."""
    box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": colour, "alpha": 0.9}
    ax.annotate(str(component), tuple(place), ha="center", va="center", fontsize=8, color="black", bbox=box)


def _size(n: int) -> float:
    """Return the area of a dot, the smaller the more of them there are."""
    return float(np.clip(6000.0 / n, 2.0, 20.0))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
