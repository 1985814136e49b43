"""The runner of learners' code that this school has chosen."""

from functools import cache

from django.conf import settings

from sandbox.bwrap.runner import BwrapRunner
from sandbox.piston.runner import Piston
from sandbox.runner import Runner
from sandbox.wasm.runner import WasmRunner


@cache
def chosen() -> Runner:
    """One runner for the whole school. There is none to fall back to."""
    if settings.SANDBOX_RUNNER == "bwrap":
        return BwrapRunner()
    if settings.SANDBOX_RUNNER == "piston":
        return Piston(settings.PISTON_URL, token=settings.PISTON_TOKEN)
    return WasmRunner(cache=settings.SANDBOX_CACHE)
