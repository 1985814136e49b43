"""Primary keys: UUID version 7 (RFC 9562), so that rows lie in the order of their making."""

import sys

if sys.version_info >= (3, 14):
    from uuid import uuid7
else:
    from uuid6 import uuid7

__all__ = ["uuid7"]
