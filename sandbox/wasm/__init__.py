"""The embedded runner: Python and JavaScript as WebAssembly, in a child process behind walls."""
