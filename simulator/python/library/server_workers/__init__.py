"""What a process of the simulated machine is made of, in Python. Applications have no business with it."""
