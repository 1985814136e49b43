"""What runs beside the learner's program in the sandbox. It decides nothing that earns marks."""
