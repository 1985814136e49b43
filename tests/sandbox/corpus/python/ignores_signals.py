# time_limit
import signal
for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (AttributeError, OSError, ValueError):
        pass
while True:
    pass
