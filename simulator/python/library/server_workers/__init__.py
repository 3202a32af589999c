"""The Python side of a process of the simulated machine. Applications do not import it."""
