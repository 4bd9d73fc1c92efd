"""Linear processes against an integrator, a finite difference and the book's own path."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.linalg import expm

from threadbook.labs import phase_space, phase_space_on_ring, point_laws, targets

KEY = jax.random.key(0)
PROCESSES = [phase_space.variance_preserving(), phase_space.phase_space()]


@pytest.mark.parametrize("process", [*PROCESSES, phase_space.phase_space(0.0, 4.0)])
def test_the_kernel_solves_the_moment_equations(process):
    """Mean by the matrix exponential, covariance by small steps of `S' = F S + S F' + 2 G G'`."""
    mean, covariance = jax.jit(phase_space.kernel, static_argnums=0)(process, jnp.float32(0.3))
    drift, noise = np.array(process.drift), process.noise
    s = 0.5 * (process.first * 0.3 + 0.5 * 0.3**2 * (process.last - process.first))
    np.testing.assert_allclose(mean, expm(drift * s)[:, 0], atol=1e-5)
    moved, steps = np.diag(process.start), 5_000
    for _ in range(steps):
        moved = moved + s / steps * (drift @ moved + moved @ drift.T + 2 * noise)
    np.testing.assert_allclose(covariance, moved, atol=1e-3)


def test_the_process_without_momentum_is_the_denoising_path():
    mean, covariance = phase_space.kernel(PROCESSES[0], jnp.float32(0.4))
    a, b = targets.denoising_path(jnp.float32(0.6))
    assert float(mean[0]) == pytest.approx(float(a), rel=1e-4)
    assert float(covariance[0, 0]) == pytest.approx(float(b) ** 2, rel=1e-4)


def test_the_score_is_the_gradient_of_the_log_density():
    process = PROCESSES[1]
    law = point_laws.make_law([[1.0], [-0.5]], [0.3, 0.7])
    tau, spread = jnp.float32(0.3), 0.2

    def log_density(z):
        mean, covariance = phase_space.kernel(process, tau, spread)
        gaps = z[:, 0, None] - mean[:, None] * law.points[:, 0]
        fit = jnp.einsum("ai,ab,bi->i", gaps, jnp.linalg.inv(covariance), gaps)
        return jax.nn.logsumexp(law.logits - 0.5 * fit)

    z = jnp.array([[0.4], [-0.1]])
    score = jax.jit(lambda z: phase_space.score(process, law, spread, z[:, :, None], tau))
    found = score(z)[:, :, 0]
    np.testing.assert_allclose(found, jax.jit(jax.grad(log_density))(z), rtol=2e-3, atol=1e-3)


@pytest.mark.parametrize("sampler", [phase_space.reverse_paths, phase_space.reverse_flow])
def test_both_samplers_return_a_gaussian_law(sampler):
    """Data of mean 0.5 and deviation 0.4: mean and deviation come back."""
    law = point_laws.make_law([[0.5]])
    times = jnp.asarray(1e-3 + (1 - 1e-3) * np.linspace(1, 0, 101) ** 2, jnp.float32)
    x = jax.jit(lambda key: sampler(PROCESSES[1], law, 0.4, key, (4000, 1), times))(KEY)
    assert float(x.mean()) == pytest.approx(0.5, abs=0.04)
    assert float(x.std()) == pytest.approx(0.4, abs=0.04)


def test_waiting_at_the_start_changes_nothing():
    """Steps of no length are what lets one program serve all budgets."""
    law = point_laws.make_law([[0.5, -0.5]])
    short = jnp.array([1.0, 0.3, 0.1, 1e-3])
    before = jnp.concatenate([jnp.ones(4), short])
    after = jnp.concatenate([short, jnp.full(4, 1e-3)])
    run = jax.jit(
        lambda times: phase_space.reverse_flow(PROCESSES[1], law, 0.4, KEY, (5, 2), times)
    )
    ends = [run(times) for times in (before, after)]
    np.testing.assert_allclose(*ends, atol=1e-5)
    assert len(phase_space_on_ring.waiting(10, 2.0)) == max(phase_space_on_ring.BUDGETS) + 1
