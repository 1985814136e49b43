"""What runs beside the learner's program, inside the guest. It decides nothing that earns marks."""
