"""How wasmtime is set up. What compiles ahead and what runs must agree in every one of these."""

from wasmtime import Config, Engine, _bindings

from sandbox.job import Language
from sandbox.wasm import patches

# QuickJS ends recursion when its own stack in the guest is full: this one must not be full before.
# The process must have as much, and room for calls out of the guest besides, or it dies itself.
STACK = {Language.PYTHON: 1024 * 1024, Language.JAVASCRIPT: 8 * 1024 * 1024}
PROCESS_STACK = 16 * 1024 * 1024

# Of QuickJS's C interface: what its reactor keeps to itself.
QUICKJS_EXPORTS = (
    "JS_Eval", "JS_EvalFunction", "JS_Call", "JS_ExecutePendingJob", "JS_GetRuntime",
    "JS_GetException", "JS_NewStringLen", "JS_ToCStringLen2", "JS_GetModuleNamespace",
    "js_std_await",
)  # fmt: skip

# Part of the name of what is compiled, because a module only loads into an engine like its own.
SETUP = "fuel-1"


def make(language: Language) -> Engine:
    """An engine that counts fuel and knows no threads, shared memory or debug information."""
    config = Config()
    config.consume_fuel = True
    # The engine aborts unless stacks of fibres, which nothing uses here, are larger still.
    _bindings.wasmtime_config_async_stack_size_set(config.ptr(), PROCESS_STACK)
    config.max_wasm_stack = STACK[language]
    config.wasm_threads = False
    config.cranelift_opt_level = "speed"
    return Engine(config)


def patched(language: Language, binary: bytes) -> bytes:
    """The guest as it is compiled."""
    if language is Language.PYTHON:
        return patches.bigger_stack(binary)
    return patches.more_exports(binary, QUICKJS_EXPORTS)
