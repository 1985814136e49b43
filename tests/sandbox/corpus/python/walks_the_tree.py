# ok
import os
for folder, _, files in os.walk("/"):
    if "waymark-canary" in files:
        print(open(os.path.join(folder, "waymark-canary")).read())
