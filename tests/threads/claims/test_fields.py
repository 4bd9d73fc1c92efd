"""Invented sentences in the manner of abstracts of several fields, and what each reports."""

from __future__ import annotations

import pytest

ORDERS = "orders of magnitude"
SENTENCES = {
    "physics-informed networks": {
        "It reduces the number of collocation points by a factor of eight.": [
            "8 × collocation point"
        ],
        "The error falls to 0.12%, which is a tenth of that of the vanilla network.": [
            *("0.12 % error", "0.1 × error")
        ],
        "It predicts the drag within 2% of the reference with an error below 1e-4.": [
            *("2 % error", "1e-4 error")
        ],
        "Its error is 10^{-3}.": ["1e-3 error"],
        "Its speed is 10³ to 10⁴ times that of CFD.": ["1e3-1e4 × speed-up"],
        "The error is reduced by about one to two orders of magnitude.": [f"1-2 {ORDERS} error"],
        "It gives a 10,000-fold speed-up over the simulator.": ["10000 × speed-up"],
        "It is two hundred times faster.": ["200 × speed-up"],
        "It keeps an error under 5% even with 20% noise.": ["5 % error"],
        "We set the tolerance to 10^{-3} and train on 10^5 samples.": [],
        "The condition number grows as 10^6.": [],
        "The step size is decreased by a factor of ten every 30 epochs.": [],
        "We add Gaussian noise with standard deviation 0.1.": [],
    },
    "federated learning": {
        "It cuts communication cost by over two-thirds.": ["0.67 × communication"],
        "It achieves the same accuracy with 10x fewer rounds.": ["10 × communication"],
        "It converges within 50 rounds, whereas FedProx needs 200 rounds.": [
            *("50 rounds communication", "200 rounds communication")
        ],
        "It reduces the communicated bytes by more than 90%.": ["90 % communication"],
        "It tolerates up to 40% label noise.": ["40 % robustness"],
        "It scales to 5,000 clients.": ["5000 clients scale"],
        "We evaluate on four datasets with 100 clients and 10% participation.": [],
        "Half of the clients are malicious.": [],
        "A quarter of the samples are held out.": [],
        "We randomly sample 10 out of 100 clients.": [],
    },
    "wireless": {
        "The detector raises the detection probability from 0.7 to 0.93.": [
            *("0.7 detection probability", "0.93 detection probability")
        ],
        "It achieves a spectral efficiency of 7.2 bits/s/Hz.": [
            "7.2 bits/s/Hz spectral efficiency"
        ],
        "It keeps the packet loss under 0.1%.": ["0.1 % packet loss"],
        "Pilot overhead is halved.": ["0.5 × overhead"],
        "The bit rate is lowered by 24% at the same PSNR.": ["24 % bit rate"],
        "The localization error is 12 cm on average.": ["12 cm error"],
        "Field trials over a 120 m street confirm it.": [],
        "The transmitter has 4 antennas, a bandwidth of 20 MHz and serves 8 users.": [],
        "It gains 1.5% accuracy at a block error rate of 10^{-2}.": ["1.5 % accuracy"],
    },
    "quantisation and compression": {
        "It achieves lossless 2-bit quantization of a 70B model.": ["2 bits"],
        "Our 2-bit models outperform 3-bit baselines.": ["2 bits", "3 bits"],
        "It gains 53% accuracy in weight 2-bit activation 2-bit.": [
            "53 % accuracy",
            *["2 bits"] * 2,
        ],
        "The model shrinks to an eighth of its size.": ["0.125 × size"],
        "It uses one-third of the parameters and a quarter of the memory.": [
            *("0.33 × parameters", "0.25 × memory")
        ],
        "Throughput doubles with a 0.2% accuracy drop.": ["2 × throughput", "0.2 % accuracy"],
        "It decodes 41 tokens per second on one RTX 4090, 3.4 times faster.": [
            *("41 tokens/s throughput", "3.4 × speed-up")
        ],
        "Existing 8-bit methods do not suit such devices.": [],
        "The loss doubles in size when the rate doubles.": [],
        "The error halves when the data doubles.": [],
        "One of the three losses is weighted by a factor of ten.": [],
    },
    "pruning": {
        "It removes 9 out of 12 heads.": ["9 heads sparsity"],
        "In the laboratory, 9 out of 12 designs expressed.": ["9 designs success rate"],
        "It has roughly a third of the FLOPs of ResNet-50.": ["0.33 × computation"],
        "It improves others by 3.2 points (from 60.1 to 63.3).": [
            *("3.2 points performance", "60.1 performance", "63.3 performance")
        ],
        "It brings an average improvement of +4.7.": ["4.7 performance"],
        "It reduces memory by 19x and training costs by 5x.": ["19 × memory", "5 × computation"],
        "Up to 60% of attention heads can be removed without hurting BLEU.": ["60 % sparsity"],
        "The accuracy loss is below 1%.": ["1 % accuracy"],
        "Training time is reduced to a third.": ["0.33 × speed-up"],
        "Sample efficiency improves fivefold.": ["5 × data"],
        "We drop 10% of the nodes at random.": [],
        "In the first half of training, the upper third of the layers is updated.": [],
    },
    "generative models": {
        "It produces samples in four steps that rival those of 50-step samplers.": [
            *("4 steps", "50 steps")
        ],
        "It has an FID of 2.04 in one step and 1.77 in two steps.": [
            *("2.04 FID", "1 steps", "1.77 FID", "2 steps")
        ],
        "We distill a teacher into multiple single-step generators.": ["1 steps"],
        "It gets competitive results with faster inference for one-step generation.": ["1 steps"],
        "It extracts features by running a single denoising step.": ["1 steps"],
        "It matches the quality of 100-step DDIM with only 10 steps.": ["100 steps", "10 steps"],
        "It needs 10^4 steps instead of 10^6 for the same quality.": ["1e4 steps", "1e6 steps"],
        "Ten steps are enough to match the teacher.": ["10 steps"],
        "Five to ten iterations suffice.": ["5-10 iterations steps"],
        "It samples images in under half a second.": ["0.5 s time"],
        "It shortens pretraining from 800 to 200 epochs.": ["800 epochs steps", "200 epochs steps"],
        "It has 53.8% AP after training for 12 epochs.": ["53.8 % mAP", "12 epochs steps"],
        "We study one-step and multi-step generation.": [],
        "A single step of descent costs a matrix product.": [],
        "We use a two-stage pipeline with a single encoder.": [],
    },
    "continual learning and the rest": {
        "It forgets 12.5% less than replay.": ["12.5 % forgetting"],
        "It learns from as few as ten samples.": ["10 samples data"],
        "It adapts to new tasks with five demonstrations only.": ["5 demonstrations data"],
        "It needs no more than 100 labelled images.": ["100 images data"],
        "Agents reach the goal in 73 of 100 trials.": ["73 trials success rate"],
        "It is best on 7/9 tasks.": ["7 tasks win rate"],
        "It beats the baselines in 83% of the cases.": ["83 % win rate"],
        "It ranked second among 120 teams and won the 1st place elsewhere.": ["2 rank", "1 rank"],
        "It extends the context from 4K to 128K tokens.": ["4K tokens scale", "128K tokens scale"],
        "It reaches the same accuracy in 2000 fewer iterations.": ["2000 iterations steps"],
        "The search costs four GPU days.": ["4 GPU days computation"],
        "It forecasts up to 18 months ahead.": ["18 months scale"],
        "With 80% probability the bound holds.": [],
        "A survey of experts was conducted over 2 weeks.": [],
        "Our contributions are threefold.": [],
        "We collected 12,000 images of 40 species.": [],
    },
}
ROWS = [(text, rows) for field in SENTENCES.values() for text, rows in field.items()]


@pytest.mark.parametrize(("sentence", "expected"), ROWS)
def test_sentence(claims_of, sentence, expected):
    """Value, unit and metric; a unit that is the metric's name too is said once."""
    found = []
    for claim in claims_of(sentence):
        words = dict.fromkeys([claim.value, claim.unit, claim.metric])
        found.append(" ".join(word for word in words if word))
    assert found == expected


@pytest.mark.parametrize(
    ("sentence", "directions"),
    [
        ("It reduces memory by around 19x and around 5x of the training costs.", "higher higher"),
        ("It narrows the performance gap to 3%.", "lower"),
        ("It reduces the jitter by 12%.", "higher"),
        ("It lowers the outage probability to 0.03.", "lower"),
        ("It ranked second among 120 teams.", "lower"),
    ],
)
def test_which_way_is_better(claims_of, sentence, directions):
    """A verb said once holds for both numbers; what is left of a gap should be small."""
    assert [claim.direction for claim in claims_of(sentence)] == directions.split()
