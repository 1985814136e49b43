# ok cheat call
import gc, weakref
kept = []

class Back:
    def __del__(self):
        kept.append(self)
        raise RuntimeError("back again")

def add(a, b):
    gc.set_threshold(1)
    for _ in range(1000):
        weakref.finalize(Back(), print, "gone")
    return 8
