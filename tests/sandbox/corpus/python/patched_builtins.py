# ok|runtime_error|memory_limit cheat call
import builtins

def add(a, b):
    for name in ("isinstance", "type", "len", "hex", "list", "str", "int"):
        setattr(builtins, name, lambda *a, **k: 7)
    return 8
