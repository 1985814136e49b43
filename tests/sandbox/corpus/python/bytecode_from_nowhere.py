# runtime_error|memory_limit|time_limit|ok cheat
def f():
    pass

f.__code__ = f.__code__.replace(co_code=b"\xff\x00" * 50, co_consts=(), co_stacksize=1)
f()
