"""Which versions of the main packages a notebook ran with."""

from __future__ import annotations

import ast
from importlib.metadata import version

from threadbook.notebooks.kernel import Kernel

MAIN_PACKAGES = {
    "jax": "jax",
    "optax": "optax",
    "equinox": "equinox",
    "diffrax": "diffrax",
    "ott": "ott-jax",
    "numpy": "numpy",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "pandas": "pandas",
    "matplotlib": "matplotlib",
}
"""The packages worth telling a reader, by the module that each is imported as."""
LOADED = f"sorted({{*{tuple(MAIN_PACKAGES)}}} & {{*__import__('sys').modules}})"


async def loaded_versions(kernel: Kernel) -> dict[str, str]:
    """Return the version of each main package that the kernel has loaded, by its name.

    The kernel is asked only for names: it is this same interpreter, with the same packages.
    """
    channels = kernel.client.kc
    assert channels is not None  # it has just run cells
    request = channels.execute("", silent=True, user_expressions={"loaded": LOADED})
    reply = await kernel.client.async_wait_for_reply(request)
    if reply is None:
        return {}
    loaded = ast.literal_eval(reply["content"]["user_expressions"]["loaded"]["data"]["text/plain"])
    return {name: version(name) for module, name in MAIN_PACKAGES.items() if module in loaded}
