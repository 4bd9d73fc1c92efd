"""Half-hidden digits: four ways to fill them in with one trained flow, on equal evaluations.

The upper half of each image is seen, with noise; the lower half is to be found. A run of the
network counts one evaluation, running back through it one more. Every method's scale, step size
and, where it has one, number of flow steps were tuned on a seed that is not used here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from numpy.typing import ArrayLike

from threadbook.labs import flows, guidance, posterior_search
from threadbook.labs.digits import DigitSplit, split_digits
from threadbook.labs.distances import energy_distance
from threadbook.labs.flows import Ends
from threadbook.labs.networks import Network, apply_network, init_network
from threadbook.labs.targets import linear_path
from threadbook.labs.training import regress

DIM = 32
SIDE = 8
SEEN = 32  # pixels, the upper half
Solve = Callable[[Network, Array, Array, Array, Array], Array]


@dataclass(frozen=True)
class Settings:
    """The budget of training and of every method, and the size of the test."""

    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    updates: int = 1000
    batch: int = 128
    width: int = 128
    images: int = 80
    noise: float = 0.05  # of a pixel, on a scale from 0 to 1
    budget: int = 240  # evaluations an image


@dataclass(frozen=True)
class Task:
    """Held-out digits, what is seen of them, and the pixels that a point stands for."""

    truth: Float[np.ndarray, "count pixels"]
    seen: Float[np.ndarray, "count seen"]
    axes: Float[np.ndarray, "dim pixels"]
    mean: Float[np.ndarray, " pixels"]
    others: Float[np.ndarray, "more pixels"]  # more held-out digits, to judge the law


def make_task(settings: Settings, seed: int) -> tuple[DigitSplit, Task]:
    """Return a split of the digits and the test made of its second half."""
    split = split_digits(seed, DIM)
    pixels = split.to_pixels(split.judge)
    truth, others = pixels[: settings.images], pixels[settings.images :]
    noise = np.random.default_rng(seed).normal(size=(settings.images, SEEN))
    seen = truth[:, :SEEN] + settings.noise * noise
    return split, Task(truth, seen.astype(np.float32), split.axes, split.mean, others)


@partial(jax.jit, static_argnames="settings", compiler_options=posterior_search.QUICK_COMPILE)
def train_flow(
    key: Key[Array, ""], points: Float[Array, "count dim"], settings: Settings
) -> Network:
    """Return a network fitted to the velocity of straight lines from noise to `points`."""
    first, second, third, start = jax.random.split(key, 4)
    shape = (settings.updates, settings.batch)
    data = points[jax.random.randint(first, shape, 0, len(points))]
    times = flows.uniform_times(third, shape)
    stream = flows.velocity_stream(linear_path, times, jax.random.normal(second, data.shape), data)
    network = init_network(start, points.shape[1], width=settings.width)
    fitted: Network = regress(network, stream, rate=2e-3)[0]
    return fitted


def flow_ends(network: Network) -> Ends:
    """Return the noise and data that the trained velocity implies on the line path."""

    def ends(x: Array, t: Array) -> tuple[Array, Array]:
        velocity = apply_network(network, x, jnp.full(len(x), t))
        return x - t * velocity, x + (1 - t) * velocity

    return ends


@dataclass(frozen=True)
class View:
    """A task as arrays on the device, with the costs that the methods lower."""

    axes: Float[Array, "dim pixels"]
    mean: Float[Array, " pixels"]
    seen: Float[Array, "count seen"]

    def pixels(self, x: Float[Array, "count dim"]) -> Float[Array, "count pixels"]:
        """Return the images that points stand for."""
        return x @ self.axes + self.mean

    def misfit(self, x: Float[Array, "count dim"]) -> Float[Array, " count"]:
        """Return the mean squared difference to the seen pixels."""
        return jnp.mean((self.pixels(x)[:, :SEEN] - self.seen) ** 2, axis=1)

    def distance(self, x: Float[Array, "count dim"]) -> Float[Array, " count"]:
        """Return the distance to the seen pixels, whose gradient has the same length everywhere."""
        return jnp.sqrt(SEEN * self.misfit(x) + 1e-9)


jax.tree_util.register_dataclass(View, data_fields=["axes", "mean", "seen"], meta_fields=[])


def view_task(task: Task) -> View:
    """Return what a method may know of a task."""
    return View(*(jnp.asarray(v, jnp.float32) for v in (task.axes, task.mean, task.seen)))


@partial(jax.tree_util.register_dataclass, data_fields=["scale", "churn"], meta_fields=["through"])
@dataclass(frozen=True)
class Steering:
    """How a sample is steered: how far, with or without backward passes, with or without noise."""

    scale: float
    through: bool
    churn: float = 0.0


@partial(jax.jit, static_argnames="budget", compiler_options=posterior_search.QUICK_COMPILE)
def steer(
    key: Key[Array, ""], network: Network, view: View, steering: Steering, *, budget: int
) -> Float[Array, "count dim"]:
    """Return samples steered by the distance of the expected image to what is seen.

    `patel2024steering` (FlowChef) goes without backward passes and without noise. With both it is
    diffusion posterior sampling on the same flow.
    """
    ends, steps = flow_ends(network), budget // 2 if steering.through else budget
    start, stream = jax.random.split(key)
    x0 = jax.random.normal(start, (len(view.seen), DIM))
    push = guidance.misfit_push(ends, view.distance, steering.scale, through=steering.through)
    walk = guidance.Walk(jnp.linspace(0, 1, steps + 1), push, steering.churn)
    return guidance.steered_diffusion(stream, ends, linear_path, x0, walk)


@partial(
    jax.jit,
    static_argnames=("budget", "steps"),
    compiler_options=posterior_search.QUICK_COMPILE,
)
def search(
    key: Key[Array, ""], network: Network, view: View, rate: float, *, budget: int, steps: int
) -> Float[Array, "count dim"]:
    """Return samples of `benhamu2024dflow`: the start of the flow is searched, through the flow."""
    generate = posterior_search.euler_map(flow_ends(network), linear_path, steps)
    x0 = jax.random.normal(jax.random.split(key)[0], (len(view.seen), DIM))
    iterations = budget // (2 * steps)
    source = posterior_search.search_source(
        generate, x0, view.misfit, iterations=iterations, rate=rate
    )
    return generate(source)


@partial(jax.jit, compiler_options=posterior_search.QUICK_COMPILE)
def fit(
    key: Key[Array, ""], network: Network, view: View, settings: posterior_search.VariationalFit
) -> Float[Array, "count dim"]:
    """Return points of `mardani2023variational`, with the denoisers weighed by `(b / a)^power`."""
    start = jnp.zeros((len(view.seen), DIM))

    def cost(x: Array) -> Array:
        return 0.5 * SEEN * view.misfit(x)

    return posterior_search.fit_point(key, flow_ends(network), linear_path, start, cost, settings)


METHODS = (
    "skipped gradient",
    "full gradient",
    "search of the start",
    "skipped gradient, random",
    "full gradient, random",
    "variational, 1/SNR",
    "variational, constant",
    "Gaussian prior",
)
RESTARTS = 3


@dataclass(frozen=True)
class Restored:
    """What the methods make of the hidden halves, per seed and in the order of `METHODS`."""

    hidden: Float[np.ndarray, "seed method"]  # root mean squared error of hidden pixels
    seen: Float[np.ndarray, "seed method"]  # the same for the seen pixels, without noise
    energy: Float[np.ndarray, "seed method"]  # energy distance to other held-out digits
    weights: Float[np.ndarray, "seed 2 2"]  # error with a third and three times the weight
    averaged: Float[np.ndarray, "seed 2"]  # error of the mean of restarts: random, variational
    spreads: Float[np.ndarray, "seed 2"]  # spread of restarts about it
    images: Float[np.ndarray, "method count pixels"]  # of the first seed
    truth: Float[np.ndarray, "count pixels"]


def gaussian_mean(split: DigitSplit, task: Task, noise: float) -> Float[np.ndarray, "count dim"]:
    """Return the posterior mean under a Gaussian fitted to the digits: the hand-made prior."""
    covariance, seen = np.cov(split.learn.T), task.axes[:, :SEEN]
    inner = seen.T @ covariance @ seen + noise**2 * np.eye(SEEN)
    gain = covariance @ seen @ np.linalg.inv(inner)
    mean: np.ndarray = ((task.seen - task.mean[:SEEN]) @ gain.T).astype(np.float32)
    return mean


def solvers(budget: int) -> list[Callable[..., Array]]:
    """Return the methods that use the flow, as functions of key, network and view.

    Scales and rates are the best of grids on seeds 100 to 102.
    """
    steered = (Steering(0.4, False), Steering(0.4, True))
    random = (Steering(0.8, False, 1.0), Steering(1.2, True, 1.0))
    snr, constant = variational_settings(budget)
    return [
        *(partial(run_last, steer, way, budget=budget) for way in steered),
        partial(run_last, search, 0.08, budget=budget, steps=2),
        *(partial(run_last, steer, way, budget=budget) for way in random),
        partial(run_last, fit, snr),
        partial(run_last, fit, constant),
    ]


def run_last(
    method: Callable[..., Array],
    choice: object,
    key: Key[Array, ""],
    network: Network,
    view: View,
    **more: int,
) -> Array:
    """Return `method` of a key, a network and a view, with its own settings after them."""
    return method(key, network, view, choice, **more)


def variational_settings(
    budget: int,
) -> tuple[posterior_search.VariationalFit, posterior_search.VariationalFit]:
    """Return the tuned fits with weights by the inverse signal-to-noise ratio, and constant."""
    snr = posterior_search.VariationalFit(budget, weight=0.03, power=1.0, rate=0.1)
    return snr, replace(snr, weight=0.005, power=0.0)


distance_of_laws = jax.jit(energy_distance)


def root_mean_square(gaps: ArrayLike) -> float:
    """Return the root of the mean of squares of all entries."""
    return float(np.sqrt(np.mean(np.square(gaps))))


def restore(settings: Settings, seed: int) -> tuple[object, ...]:
    """Return one seed's row of `Restored`: train the flow, then run every method on one test."""
    split, task = make_task(settings, seed)
    view, key = view_task(task), jax.random.key(seed)
    network = train_flow(key, jnp.asarray(split.learn), settings)
    methods = solvers(settings.budget)
    points = [method(key, network, view) for method in methods]
    points.append(jnp.asarray(gaussian_mean(split, task, settings.noise)))
    pixels = [view.pixels(point) for point in points]
    others = jnp.asarray(task.others, jnp.float32)

    def error(image: ArrayLike) -> float:
        return root_mean_square(np.asarray(image)[:, SEEN:] - task.truth[:, SEEN:])

    def refit(factor: float, tuned: posterior_search.VariationalFit) -> float:
        changed = replace(tuned, weight=factor * tuned.weight)
        return error(view.pixels(fit(key, network, view, changed)))

    tuned = variational_settings(settings.budget)
    again = [repeat(methods[i], key, network, view) for i in (4, 5)]
    return (
        [error(image) for image in pixels],
        [root_mean_square(np.asarray(image)[:, :SEEN] - task.truth[:, :SEEN]) for image in pixels],
        [float(distance_of_laws(image, others)) for image in pixels],
        [[refit(factor, choice) for factor in (1 / 3, 3.0)] for choice in tuned],
        [error(images.mean(axis=0)) for images in again],
        [root_mean_square((images - images.mean(axis=0))[..., SEEN:]) for images in again],
        np.stack(pixels),
        task.truth,
    )


def repeat(
    method: Callable[..., Array], key: Key[Array, ""], network: Network, view: View
) -> Float[np.ndarray, "restart count pixels"]:
    """Return the images of several runs of a method that differ only in their noise."""
    keys = jax.random.split(key, RESTARTS)
    return np.stack([view.pixels(method(k, network, view)) for k in keys])


def restore_all(settings: Settings) -> Restored:
    """Return what every method makes of the hidden halves, over all seeds."""
    rows = [restore(settings, seed) for seed in settings.seeds]
    hidden, seen, energy, weights, averaged, spreads = (
        np.array([row[i] for row in rows], float) for i in range(6)
    )
    # The sum of squares about the mean of n restarts falls short by (n - 1) / n.
    spreads = spreads * np.sqrt(RESTARTS / (RESTARTS - 1))
    images, truth = (np.asarray(rows[0][i], float) for i in (6, 7))
    return Restored(hidden, seen, energy, weights, averaged, spreads, images, truth)
