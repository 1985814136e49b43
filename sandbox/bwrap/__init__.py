"""The hardened runner: real CPython and Node, each case in namespaces of its own by bubblewrap."""
