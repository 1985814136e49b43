"""How a course goes: who is counted, what is counted, and in which words it is said."""
