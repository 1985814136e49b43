# ok
import importlib, sys
for name in ("sandbox", "sandbox.wasm.child", "wasmtime", "django", "lms.settings"):
    try:
        importlib.import_module(name)
        print("BREACH", name)
    except ImportError:
        print("refused")
sys.path += ["/", "/work", "/app", "."]
try:
    import manage
    print("BREACH")
except ImportError:
    print("refused")
