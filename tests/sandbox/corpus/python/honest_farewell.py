# ok honest
import atexit
atexit.register(lambda: print(7))
input()
