"""Figures to play with: each computation against one of another kind, and each page's weight."""

from __future__ import annotations

import importlib
import pkgutil
import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array
from scipy.optimize import linprog
from scipy.special import ndtri

from threadbook.charts import explorables
from threadbook.charts.explorables import (
    continual_protection,
    fast_sampling_frozen,
    features_and_implicit_bias,
    federated_and_decentralised,
    few_bits,
    fields_and_spectral_bias,
    graphs,
    inverse_and_guidance,
    memory_in_sequences,
    signal_propagation,
    sparse_and_low_dimensional,
    steps_schedules_batches,
    straight_to_one_step,
    transport_and_bridges,
    waves_and_channels,
)
from threadbook.charts.explore import explore
from threadbook.labs import denoisers, guidance, targets

NAMES = sorted(module.name for module in pkgutil.iter_modules(explorables.__path__))
CHAPTERS = Path(__file__).parents[2] / "chapters" / "threads"


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_light_and_says_what_to_see(name: str) -> None:
    """`explore` refuses frames whose elements differ, so that this also holds them together."""
    module: ModuleType = importlib.import_module(f"threadbook.charts.explorables.{name}")
    frames = module.frames()
    readings = {frame.reading for frame in frames}
    assert 2 < len(frames) <= explorables.MOST_FRAMES
    assert len(readings) == len(frames)
    assert all(re.search(r"\d", reading) and len(reading) < 150 for reading in readings)
    about = {"name": "x", "number": 1, "caption": "c", "alt": "a"}
    html = explore(frames, control="c", start=module.START, **about).to_html()
    data = re.search(r'<script type="application/json">(.*)</script>', html, re.S)
    assert data is not None
    assert len(data[1].encode()) <= explorables.MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_stands_in_its_chapter_with_a_sentence(name: str) -> None:
    chapter = (CHAPTERS / f"{name.replace('_', '-')}.md").read_text(encoding="utf-8")
    cell = chapter.partition(f"charts.explorables import {name} as explorable")[2]
    figure = re.search(r'name="(fig-explore-[a-z]+)"', cell)
    assert figure is not None
    assert f"{{numref}}`{figure[1]}`" in chapter


def test_the_ring_and_its_velocity_are_those_of_the_lab() -> None:
    ring = targets.make_uneven_ring()
    field = targets.exact_velocity(targets.make_normal(2), ring, targets.linear_path)
    point = np.array([0.4, -1.1])
    expected = field(jnp.asarray(point, jnp.float32), jnp.float32(0.6))
    found = straight_to_one_step.velocity(point[None], 0.6)[0]
    assert found == pytest.approx(np.asarray(expected), rel=1e-4)


def test_one_step_ends_at_the_mean_and_many_reach_the_modes() -> None:
    """Equation (2) of the chapter; beyond three deviations of its mode lie 1.1 % of a Gaussian."""
    mean = straight_to_one_step.WEIGHTS @ straight_to_one_step.MEANS
    one, many = straight_to_one_step.compute(1), straight_to_one_step.compute(64)
    assert np.allclose(one.lines[-1], mean)
    assert many.between == pytest.approx(np.exp(-4.5), abs=0.01)
    assert many.astray < 0.01
    # The caption: the law comes right before the map.
    few = straight_to_one_step.compute(6)
    assert few.astray > 2 * few.between


def test_the_plan_in_order_costs_least() -> None:
    """Against a linear programme, whose constraints are the two marginals."""
    m = transport_and_bridges
    rows = np.kron(np.eye(m.CELLS), np.ones(m.CELLS))
    columns = np.kron(np.ones(m.CELLS), np.eye(m.CELLS))
    best = linprog(
        m.COST.ravel(),
        A_eq=np.vstack([rows, columns]),
        b_eq=np.concatenate([m.FIRST, m.SECOND]),
    )
    assert np.sum(m.match_in_order() * m.COST) == pytest.approx(best.fun, rel=1e-6)


def test_the_plan_goes_from_a_map_to_independence() -> None:
    m = transport_and_bridges
    near, far = m.compute(0.01), m.compute(1e4)
    assert near.excess < 0.02
    assert near.crossed < 0.02
    assert far.plan == pytest.approx(np.outer(m.FIRST, m.SECOND), abs=1e-6)
    assert near.rounds > 50 * far.rounds
    pairs = np.argwhere(far.plan > 0)
    weights = far.plan[tuple(pairs.T)]
    one, two = pairs[:, None], pairs
    crossing = (one[..., 0] - two[..., 0]) * (one[..., 1] - two[..., 1]) < 0
    assert far.crossed == pytest.approx(weights @ crossing @ weights)


def test_what_the_steps_add_is_the_error() -> None:
    """The shifts telescope, and equation (2) bounds their sum."""
    m = fast_sampling_frozen
    account = m.compute(1.5)
    exact = np.interp(m.LEVELS, m.levels_at(m.GRID, 1.0), m.GRID)
    errors = account.samples[-1] - exact
    assert account.errors.sum(axis=0) == pytest.approx(errors, abs=2e-3)
    assert account.total < account.shares.sum()


def test_the_flow_by_quantiles_is_that_of_the_velocity() -> None:
    m = fast_sampling_frozen
    x = start = np.array([-1.0, 0.2, 1.3])
    times = np.linspace(0.3, 0.999, 4000)
    for now, after in pairwise(times):
        x = x + (after - now) * m.velocity(x, float(now))
    assert m.follow(start, 0.3) == pytest.approx(x, abs=0.01)


def test_no_guidance_gives_the_prior_and_full_guidance_the_label() -> None:
    m = inverse_and_guidance
    none, whole = m.compute(0.0), m.compute(1.0)
    assert none.guided == pytest.approx(m.tilt(m.GRID, 0.0), abs=2e-3)
    assert whole.guided == pytest.approx(m.bell(m.GRID, m.MEANS[1], m.SCALE), abs=2e-3)
    assert whole.tilted == pytest.approx(whole.guided, abs=3e-3)
    assert whole.beyond == pytest.approx(m.RARE, rel=0.05)


def test_guided_ends_are_those_of_the_lab() -> None:
    m = inverse_and_guidance
    scales = np.full(2, m.SCALE)
    both = targets.make_mixture(m.MEANS[:, None], scales, np.full(2, 0.5))
    label = targets.make_mixture(m.MEANS[1:, None], scales[1:], np.ones(1))
    ends = [denoisers.exact_ends(law, targets.linear_path) for law in (label, both)]
    guided = guidance.blend_ends(ends[0], ends[1], 3.0)
    x = start = jnp.array([[-1.0], [0.3]])
    steps = 500

    def step(x: Array, t: Array) -> tuple[Array, None]:
        return x + denoisers.velocity(guided, targets.linear_path, x, t) / steps, None

    x, _ = jax.lax.scan(step, x, jnp.arange(steps) / steps)
    assert m.guide(np.asarray(start[:, 0], float), 3.0) == pytest.approx(
        np.asarray(x[:, 0]), abs=0.01
    )


def test_the_field_is_that_of_plain_descent() -> None:
    """Descent in function space, step by step, against powers of eigenvalues."""
    m = fields_and_spectral_bias
    gram = m.kernel(m.PLACES, m.PLACES, 4.0)
    largest = np.linalg.eigvalsh(gram)[-1]
    weights = np.zeros(m.SAMPLES)
    for _ in range(m.STEPS):
        weights -= m.RATE / largest * (gram @ weights - m.true_field(m.PLACES))
    expected = m.kernel(m.GRID, m.PLACES, 4.0) @ weights
    assert m.compute(4.0).field == pytest.approx(expected, abs=1e-8)


def test_the_kernel_is_that_of_random_waves() -> None:
    rng = np.random.default_rng(0)
    frequencies = 3.0 * rng.standard_normal(200_000)
    mean = np.mean(np.cos(2 * np.pi * frequencies * 0.1))
    found = fields_and_spectral_bias.kernel(np.array([0.2]), np.array([0.3]), 3.0)[0, 0]
    assert found == pytest.approx(mean, abs=0.01)


def test_power_needs_twice_the_samples_of_the_field() -> None:
    """A sum of 2L + 1 waves is fixed by as many samples; its power has 4L + 1."""
    m = waves_and_channels
    enough = 2 * m.LENGTH + 1
    assert m.compute(enough).phase_error < 1e-9
    assert m.compute(enough - 1).phase_error > 0.05
    assert m.compute(2 * enough - 1).power_error < 1e-9
    assert m.compute(2 * enough - 2).power_error > 0.01
    assert m.compute(enough).power_error > 0.3
    places = np.arange(6) * m.LENGTH / 6
    through = m.interpolate(places, m.true_field(places), m.LENGTH, places)
    assert through == pytest.approx(m.true_field(places), abs=1e-9)


def test_a_layer_multiplies_as_a_network_does() -> None:
    """Quantiles against networks with weights; the mean of the factor is exactly one."""
    width, networks, depth = 16, 4000, 3
    rng = np.random.default_rng(5)
    hidden = np.ones((networks, width))
    for _ in range(depth):
        weights = rng.standard_normal((networks, width, width)) * np.sqrt(2 / width)
        hidden = np.maximum(np.einsum("nij,nj->ni", weights, hidden), 0)
    ends = (hidden**2).mean(axis=1)
    found = signal_propagation.compute(width).quantiles[:, depth]
    # Four thousand networks give a median to some 3 %, twice.
    assert found == pytest.approx(np.quantile(ends, signal_propagation.LEVELS), rel=0.12)
    first = np.exp(signal_propagation.draw_logs(width)[:, 0])
    assert first.mean() == pytest.approx(1, abs=0.03)
    assert first.var() == pytest.approx(5 / width, rel=0.1)


def test_the_typical_critical_network_loses_its_signal() -> None:
    narrow, wide = signal_propagation.compute(32), signal_propagation.compute(1024)
    assert narrow.faded > 0.7
    assert wide.faded == 0


def test_gradient_flow_keeps_the_difference_of_squares() -> None:
    m = features_and_implicit_bias
    a, b = m.FIRST
    for _ in range(40_000):
        error = a * b - 1
        a, b = a - 2e-4 * error * b, b - 2e-4 * error * a
    ahead = m.sharpness_ahead(np.array([m.FIRST]))[0]
    assert a**2 + b**2 == pytest.approx(ahead, rel=1e-3)


@pytest.mark.parametrize("rate", features_and_implicit_bias.RATES)
def test_descent_ends_where_its_step_is_stable(rate: float) -> None:
    run = features_and_implicit_bias.compute(rate)
    assert run.loss[-1] < 1e-12
    assert run.ahead[-1] < 2 / rate
    # The chapter: until the step is very large, the sharpness ahead only falls.
    falls = bool(np.all(np.diff(run.ahead) < 1e-12))
    assert falls == (rate < 0.34)


def test_expected_losses_are_those_of_noisy_runs() -> None:
    m = steps_schedules_batches
    batch, place = 64, 40
    steps, rate = m.SAMPLES // batch, m.RATES[place]
    rng = np.random.default_rng(0)
    points = np.ones((4000, len(m.CURVATURES)))
    for k in range(steps):
        noise = rng.standard_normal(points.shape) * np.sqrt(m.NOISE / batch)
        points -= rate * (1 - k / steps) * (m.CURVATURES * points + noise)
    loss = np.mean(points**2, axis=0) @ m.CURVATURES / m.CURVATURES.sum()
    assert m.run(batch, decay=True)[place] == pytest.approx(loss, rel=0.03)


def test_the_best_first_step_is_that_of_equation_two() -> None:
    m = steps_schedules_batches
    rates = np.linspace(0.01, 1.5, 2000)[:, None]
    after = (1 - rates * m.CURVATURES) ** 2 + rates**2 * m.NOISE / 16
    best = rates[np.argmin(after @ m.CURVATURES), 0]
    assert m.best_first_step(16) == pytest.approx(best, abs=2e-3)


def test_the_best_rate_grows_with_the_batch_and_the_end_stays() -> None:
    m = steps_schedules_batches
    small, large = m.compute(2), m.compute(32)
    rates = [m.RATES[ends.constant.argmin()] for ends in (small, large)]
    assert rates[1] / rates[0] == pytest.approx(16, rel=0.2)
    assert large.constant.min() < 1.1 * small.constant.min()
    assert small.decayed.min() < small.constant.min() / 2
    assert small.greedy > 10 * rates[0]


def test_rounds_are_local_descent_and_end_at_the_resting_point() -> None:
    m = federated_and_decentralised
    local = 16
    ends = []
    for hessian, centre in zip(m.hessians(), m.CENTRES, strict=True):
        point = m.FIRST
        for _ in range(local):
            point = point - m.RATE * hessian @ (point - centre)
        ends.append(point)
    course = m.compute(local)
    assert course.path[1] == pytest.approx(np.mean(ends, axis=0))
    assert course.path[-1] == pytest.approx(course.rest, abs=1e-3)
    assert m.compute(1).rest == pytest.approx(m.goal())


def test_more_local_work_helps_soon_and_harms_late() -> None:
    m = federated_and_decentralised
    one, some = m.compute(1), m.compute(8)
    assert some.excess[m.SOON] < one.excess[m.SOON] / 5
    assert some.excess[-1] > 2 * one.excess[-1]
    rests = [m.common_loss(m.compute(local).rest[None])[0] for local in m.LOCAL]
    assert np.all(np.diff(rests) > 0)


def test_refitted_weights_are_stationary_where_kept() -> None:
    m = sparse_and_low_dimensional
    reader = m.load_reader()
    mask = m.keep_top(np.random.default_rng(0).random(reader.cross.shape), 0.8)
    weights = reader.fit(mask)
    slope = reader.gram @ weights + m.RIDGE * weights - reader.cross
    assert mask.sum() == round(0.2 * mask.size)
    assert np.abs(slope[mask]).max() < 1e-8
    assert not weights[~mask].any()


def test_half_of_the_weights_go_for_next_to_nothing() -> None:
    m = sparse_and_low_dimensional
    whole, half = m.compute(0.0).accuracies, m.compute(0.5).accuracies
    assert len({round(accuracy, 9) for accuracy in whole}) == 1
    assert half[0] > whole[0] - 0.015
    for share in m.SHARES[1:]:
        _, largest, blind, refitted = m.compute(share).accuracies
        assert blind < refitted < largest


def test_rounding_at_random_keeps_the_mean() -> None:
    rng = np.random.default_rng(0)
    weights = np.full(few_bits.WEIGHTS, 0.3)
    draws = np.array([few_bits.round_randomly(weights, 4, rng) for _ in range(2000)])
    assert draws.mean() == pytest.approx(0.3, abs=0.003)
    assert set(np.unique(draws)) == {0.25, 0.5}


def test_a_coarse_store_moves_the_weights_whose_first_step_is_long_enough() -> None:
    """At seven bits no first step reaches half the spacing, so that none follows."""
    hessian, best = few_bits.make_problem()
    step = few_bits.RATE * np.abs(hessian @ best)
    assert step.max() < few_bits.REACH / 2**7 / 2
    assert few_bits.compute(7).moved == 0
    assert few_bits.compute(8).moved >= np.sum(step > few_bits.REACH / 2**8 / 2) > 0


def test_a_fine_store_follows_plain_descent() -> None:
    hessian, best = few_bits.make_problem()
    left = np.linalg.matrix_power(np.eye(few_bits.WEIGHTS) - few_bits.RATE * hessian, 20)
    expected = few_bits.loss(best - left @ best) / few_bits.loss(np.zeros(few_bits.WEIGHTS))
    place = int(np.flatnonzero(few_bits.SHOWN == 20)[0])
    assert few_bits.compute(14).losses["fine"][place] == pytest.approx(expected, rel=1e-3)
    # The chapter: the grid could hold an answer a thousand times better than descent finds.
    eight = few_bits.compute(8).losses
    assert eight["coarse"][-1] > 1000 * eight["fine"][-1]


def test_importance_is_the_hessian_when_aligned_and_a_plain_penalty_when_not() -> None:
    m = continual_protection
    assert m.compute(0).points == pytest.approx(m.penalise(m.OLD).points)
    plain = m.penalise(np.eye(2))
    assert m.compute(45).pay(m.KEPT) == pytest.approx(plain.pay(m.KEPT), rel=1e-3)
    paid = [m.compute(angle).pay(m.KEPT) for angle in (0, 10, 20, 30)]
    assert np.all(np.diff(paid) > 0)


def test_a_penalised_task_ends_at_a_stationary_point() -> None:
    m = continual_protection
    place = 600
    point = m.penalise(m.OLD).points[place]
    slope = point - m.NEW + m.STRENGTHS[place] * m.OLD @ point
    assert slope == pytest.approx(np.zeros(2), abs=1e-9)


def test_the_state_is_that_of_the_recurrence() -> None:
    """One step after the other, with a complex eigenvalue, against powers of the age."""
    m = memory_in_sequences
    inputs = m.make_input()[::-1]  # the oldest first
    turning = np.exp(-1 / m.SCALE + 2j * np.pi * 3 / m.LENGTH)
    slow = np.exp(-100 / m.LENGTH)  # the shortest time-scale is a hundredth of the length
    states = np.zeros(2, dtype=complex)
    for value in inputs:
        states = np.array([turning, slow]) * states + value
    size = 8
    rows = m.rotate(size) @ m.make_input()
    assert [rows[3], rows[size // 2 + 3]] == pytest.approx([states[0].real, states[0].imag])
    assert (m.decay(4) @ m.make_input())[0] == pytest.approx(states[1].real)


def test_decays_stop_adding_and_rotations_do_not() -> None:
    m = memory_in_sequences
    decays = [m.compute(m.decay(size)).error for size in (8, 48)]
    turning = [m.compute(m.rotate(size)).error for size in (8, 48)]
    assert decays[1] > 0.95 * decays[0]
    assert turning[1] < turning[0] / 4


def test_endless_layers_leave_what_degrees_say() -> None:
    averaging, _ = graphs.make_graph()
    features = graphs.draw_features()
    after = np.linalg.matrix_power(averaging, 400) @ features
    assert after == pytest.approx(graphs.limit(features), abs=1e-8)
    assert averaging @ np.sqrt(1 / np.diag(averaging)) == pytest.approx(
        np.sqrt(1 / np.diag(averaging))
    )


def test_smoothing_finds_the_groups_before_it_forgets_them() -> None:
    """Without layers the hint alone decides: Φ(0.5) of the nodes."""
    found = {layers: graphs.compute(layers) for layers in graphs.LAYERS}
    assert ndtri(found[0].right) == pytest.approx(graphs.SIGNAL, abs=0.03)
    assert found[3].right > found[0].right + 0.1
    assert found[24].right == pytest.approx(0.5, abs=0.03)
    left = [found[layers].left for layers in graphs.LAYERS]
    assert np.all(np.diff(left) < 0)
