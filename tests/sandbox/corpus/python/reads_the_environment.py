# ok
import os
print(dict(os.environ))
for name in ("WAYMARK_CANARY", "SECRET_KEY", "DATABASE_URL"):
    if os.environ.get(name):
        print("BREACH", os.environ[name])
