"""The lab in small: closed forms for the exact experiments, ranges for the trained ones."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from threadbook.labs import diffusion_length, nearer_starts, noise_on_grids, targets
from threadbook.labs import forward_process as lab
from threadbook.labs import forward_process_trained as trained

SMALL = lab.Settings(seeds=(0,), dim=6, inputs=4, draws=16, images=64)


def test_the_speech_process_has_the_moments_of_its_equation():
    """Small steps of `dx = g (y - x) dtau + s(tau) dw`, in mean weight and variance."""
    weight, variance, steps = 1.0, 0.0, 2_000
    growth = np.log(nearer_starts.MOST / nearer_starts.LEAST)
    for i in range(steps):
        tau = (i + 0.5) / steps
        noise = (nearer_starts.LEAST * np.exp(growth * tau)) ** 2 * 2 * growth
        weight -= nearer_starts.STIFFNESS * weight / steps
        variance += (noise - 2 * nearer_starts.STIFFNESS * variance) / steps
    c, b = nearer_starts.drift_path(jnp.zeros(()))
    assert float(c) == pytest.approx(weight, rel=2e-3)
    assert float(b) == pytest.approx(np.sqrt(variance), rel=2e-3)


def test_a_residual_step_is_a_ddim_step_in_other_coefficients():
    """From `(1 - a) X1 + a y + b X0` to the same with a', b', whatever is predicted."""
    y, noise, data = np.random.default_rng(0).standard_normal((3, 5))
    a, next_a, b, next_b = 0.7, 0.4, 0.6, 0.2
    x = (1 - a) * data + a * y + b * noise
    after = nearer_starts.residual_step(x, y, (noise, data), (a, next_a, b, next_b))
    ddim = (1 - next_a) * data + next_b * noise
    np.testing.assert_allclose(after - next_a * y, ddim, atol=1e-12)


@pytest.mark.parametrize("continuous", [False, True])
def test_whitening_gives_the_precision_that_the_grid_has(continuous):
    """Against a dense solve on the whole grid: `|R c|^2 = (U c)' K^-1 (U c)`."""
    images = np.random.default_rng(0).standard_normal((5, 64))
    points = 11
    grid = noise_on_grids.make_grid(points, images, continuous=continuous)
    u = noise_on_grids.interpolation(points)
    one = noise_on_grids.axis_noise(points, continuous=continuous)
    surfaces = images @ np.kron(u, u).T
    surfaces /= np.sqrt(np.mean(surfaces**2))
    dense = np.einsum("ia,ia->i", surfaces, np.linalg.solve(np.kron(one, one), surfaces.T).T)
    whitened = images @ grid.whiten.T
    np.testing.assert_allclose(np.sum(whitened**2, axis=1), dense, rtol=1e-6)
    np.testing.assert_allclose(whitened @ grid.brightness, surfaces.mean(axis=1), atol=1e-10)


def test_continuous_noise_converges_as_the_grid_is_refined():
    """Its law on functions exists, so distances between images settle; white noise has no limit."""
    images = np.random.default_rng(0).standard_normal((5, 64))

    def length(points: int, *, continuous: bool) -> float:
        grid = noise_on_grids.make_grid(points, images, continuous=continuous)
        return float(np.mean((images @ grid.whiten.T) ** 2))

    assert length(128, continuous=True) == pytest.approx(length(64, continuous=True), rel=0.1)
    assert length(128, continuous=False) == pytest.approx(4 * length(64, continuous=False))


def test_one_more_step_without_a_caption_is_pure_noise():
    """The mean image is zero, so the module has nothing to add."""
    bright = lab.measure_brightness(SMALL, side=32, steps=8)
    assert bright.spread[0, 0, 0] == pytest.approx(bright.spread[0, 0, 1], abs=0.02)


def test_the_cut_schedule_is_the_end_of_the_whole():
    for length in (0.3, 1.0):
        a, b = diffusion_length.cut_path(length)(jnp.float32(0.5))
        c, d = targets.denoising_path(jnp.float32(1 - length / 2))
        assert (float(a), float(b)) == (float(c), float(d))


def test_the_modelled_end_has_the_moments_of_the_true_end():
    points = np.random.default_rng(1).standard_normal((2000, 2)) * [0.5, 1.5] + [1.0, 0.0]
    drawn = diffusion_length.model_end(points, 0.5, 0, 4000, modes=1)
    a, b = (float(part) for part in targets.denoising_path(jnp.float32(0.5)))
    np.testing.assert_allclose(drawn.mean(axis=0), [a, 0.0], atol=0.08)
    np.testing.assert_allclose(
        drawn.std(axis=0), np.sqrt(a**2 * np.array([0.25, 2.25]) + b**2), rtol=0.06
    )


def test_steps_needed_is_the_first_that_reaches_the_target():
    curve = np.linspace(2.0, 1.0, len(trained.STEPS))[None]
    found = trained.steps_needed(np.array([[2.0, 0.5]]), curve)
    assert found.tolist() == [[trained.STEPS[0], np.inf]]


def test_planned_levels_never_cost_more_than_even_ones_on_their_own_table():
    """Where 128 places hold the even levels exactly, the plan may choose them too."""
    table = np.exp(-np.arange(64) / 30)
    _, even, planned = trained.budget_bits(table, table)
    for steps, one, other in zip(trained.STEPS, even, planned, strict=True):
        assert trained.LEVELS % steps or other <= one + 1e-9
