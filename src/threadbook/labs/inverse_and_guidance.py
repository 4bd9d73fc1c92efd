"""The lab of the thread on inverse problems and guidance: learned maps, and the guidance scale.

Each experiment takes `Settings` and returns arrays whose first axis is the seed. The parts of the
lab on inverse problems are in `exact_inverse` and, on real data, `inverse_on_digits`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from threadbook.labs import denoisers, guidance, proximal_networks, targets
from threadbook.labs.distances import even_directions, sliced_distance
from threadbook.labs.posterior_search import QUICK_COMPILE
from threadbook.labs.targets import Mixture

SCALES = (0.5, 1.0, 2.0, 4.0, 8.0)
LABELS = 4
WIDTHS = (0.5, 0.2)


@dataclass(frozen=True)
class Settings:
    """The seeds and the sizes of the experiments on exact problems."""

    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    samples: int = 512  # a label and scale
    noise_steps: int = 48  # of the guided diffusion
    ring_scale: float = 0.6  # of a mode; wide enough for labels to overlap
    training: proximal_networks.Training = field(default_factory=proximal_networks.Training)


@dataclass(frozen=True)
class Maps:
    """Root mean squared distances of learned maps to two closed forms, on fresh noisy points."""

    to_threshold: Float[np.ndarray, "seed loss"]  # squared error, then matching by WIDTHS
    to_mean: Float[np.ndarray, "seed loss"]


def learn_maps(settings: Settings, dim: int = 1) -> Maps:
    """Return how far maps trained by squared error and by proximal matching end from the truth."""
    kit, training = proximal_networks, settings.training
    courses = [kit.squared_course(training)]
    courses += [kit.matching_course(training, width) for width in WIDTHS]

    @partial(jax.jit, compiler_options=QUICK_COMPILE)
    def train(key: Array, course: proximal_networks.Course) -> Array:
        learn, judge = jax.random.split(key)
        noisy = jnp.add(*kit.draw_pair(judge, 4096, dim))
        learned = kit.proximal_map(kit.learn_map(learn, dim, course, training), noisy)
        forms = kit.soft_threshold(noisy), kit.posterior_mean(noisy)
        return jnp.stack([jnp.sqrt(jnp.mean((learned - form) ** 2)) for form in forms])

    keys = [jax.random.key(seed) for seed in settings.seeds]
    table = np.array([[train(key, course) for course in courses] for key in keys], float)
    return Maps(table[..., 0], table[..., 1])


@dataclass(frozen=True)
class Dial:
    """What the guidance scale does to samples of a label, per seed, label and scale."""

    confidence: Float[np.ndarray, "seed label scale"]
    spread: Float[np.ndarray, "seed label scale"]
    outside: Float[np.ndarray, "seed label scale"]  # share beyond the label's own 99 %
    wrong: Float[np.ndarray, "seed label scale"]  # share that is likelier of another label
    rarer: Float[np.ndarray, "seed label scale"]  # share of the rarer mode over its weight
    tilted: Float[np.ndarray, "seed label scale"]  # distance to p(x) p(y | x)^w, for w >= 1
    floor: Float[np.ndarray, "seed label scale"]  # distance of two samples of that law


@dataclass(frozen=True)
class Label:
    """A label of the ring: its law and share of the whole, and where its last hundredth begins."""

    whole: Mixture
    part: Mixture
    share: float
    edge: float


def labelled_ring(scale: float) -> tuple[Mixture, Mixture, Float[np.ndarray, " label"]]:
    """Return the ring, the laws of its labels stacked, and their shares; a label is two modes."""
    ring = targets.make_uneven_ring()
    whole = targets.make_mixture(ring.means, np.full(8, scale), ring.weights)
    pairs = np.asarray(whole.weights, float).reshape(LABELS, 2)
    shares = pairs.sum(axis=1)
    parts = Mixture(
        whole.means.reshape(LABELS, 2, 2),
        whole.scales.reshape(LABELS, 2),
        jnp.asarray(pairs / shares[:, None], jnp.float32),
    )
    return whole, parts, shares


@partial(jax.jit, static_argnames="settings", compiler_options=QUICK_COMPILE)
def guided_samples(
    key: Key[Array, ""],
    whole: Mixture,
    part: Mixture,
    scale: Float[Array, ""],
    settings: Settings,
) -> Float[Array, "count 2"]:
    """Return samples of the label `part` at a guidance scale, with exact scores of both laws."""
    path = targets.denoising_path
    start, walk = jax.random.split(key)
    ends = guidance.blend_ends(
        denoisers.exact_ends(part, path), denoisers.exact_ends(whole, path), scale
    )
    noise = jax.random.normal(start, (settings.samples, 2))
    times = jnp.linspace(0, 1, settings.noise_steps + 1)
    return denoisers.reverse_diffusion(walk, ends, path, noise, times)


exact_samples = jax.jit(guidance.tilted_samples, static_argnames="count")
label_densities = jax.jit(
    lambda part, whole, x: (
        jax.vmap(partial(targets.log_density, part))(x),
        guidance.log_share(part, 1.0, whole, x),
    )
)


@jax.jit
def distance(x: Float[Array, "count 2"], y: Float[Array, "count 2"]) -> Float[Array, ""]:
    """Return the sliced Wasserstein distance of two sets in the plane, over 32 directions."""
    return sliced_distance(x, y, even_directions(32))


def find_edge(whole: Mixture, part: Mixture) -> float:
    """Return the log-density of a label's law that all but 1 % of its own points exceed."""
    own = targets.draw_evenly(part, 0, 8192)
    return float(np.quantile(label_densities(part, whole, own)[0], 0.01))


def measure_scale(
    key: Key[Array, ""], label: Label, scale: float, settings: Settings
) -> list[float]:
    """Return the seven measures of `Dial` for one label and one scale."""
    whole, part = label.whole, label.part
    walk, *tosses = jax.random.split(key, 3)
    x = guided_samples(walk, whole, part, jnp.asarray(scale), settings)
    tilt = max(scale, 1.0)
    exact = [exact_samples(k, part, whole, tilt, settings.samples) for k in tosses]
    density, ratio = map(np.asarray, label_densities(part, whole, x))
    confidence, rare = label.share * np.exp(ratio), int(jnp.argmin(part.weights))
    return [
        float(confidence.mean()),
        float(np.sqrt(np.var(np.asarray(x), axis=0).sum())),
        float(np.mean(density < label.edge)),
        float(np.mean(confidence < 0.5)),
        float(np.mean(np.asarray(nearest_mode(part, x)) == rare) / part.weights[rare]),
        float(distance(x, exact[0])),
        float(distance(exact[1], exact[0])),
    ]


def nearest_mode(law: Mixture, x: Float[Array, "count dim"]) -> Float[Array, " count"]:
    """Return the index of the component whose mean is nearest to each point."""
    return jnp.argmin(jnp.sum((x[:, None] - law.means) ** 2, axis=-1), axis=1)


def turn_dial(settings: Settings) -> Dial:
    """Return what each guidance scale does to samples of each label."""
    whole, parts, shares = labelled_ring(settings.ring_scale)

    labels = []
    for i, share in enumerate(shares):
        part = jax.tree.map(lambda leaf, i=i: leaf[i], parts)
        labels.append(Label(whole, part, float(share), find_edge(whole, part)))
    table = [
        [
            [measure_scale(key, label, scale, settings) for scale in SCALES]
            for key, label in zip(
                jax.random.split(jax.random.key(seed), LABELS), labels, strict=True
            )
        ]
        for seed in settings.seeds
    ]
    return Dial(*np.moveaxis(np.array(table, float), -1, 0))
