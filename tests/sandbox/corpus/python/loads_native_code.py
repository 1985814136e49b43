# ok
try:
    import ctypes
    libc = ctypes.CDLL(None)
    print("loaded", libc.getpid() > 0)
except Exception:
    print("refused")
