# time_limit
import time
while True:
    try:
        time.sleep(10**6)
    except BaseException:
        pass
