# time_limit cheat
import atexit

@atexit.register
def stay():
    while True:
        pass

print(7)
