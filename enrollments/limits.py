"""How often one person may come into courses and leave them, by pages and by the API together."""

from accounts.limits import Limit

# Each leaving and each coming back is kept for ever, and none can be left out of it: the last that
# is kept says whether somebody is there. So this bounds how many there are.
ENROLL = Limit("enroll", 30)
