# time_limit
import time
while True:
    time.time()
