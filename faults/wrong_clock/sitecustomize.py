"""Found by a Python that is started with this folder in PYTHONPATH: its clock is wrong.

By as many seconds as FAULTS_CLOCK says. What measures time (`time.monotonic`) stays right.
"""

import os
import time

import time_machine

wrong = time.time() + float(os.environ["FAULTS_CLOCK"])
time_machine.travel(wrong, tick=True).start()
