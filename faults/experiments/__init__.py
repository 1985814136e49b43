"""Each experiment is a function: its docstring says the fault, the load, and what must hold."""
