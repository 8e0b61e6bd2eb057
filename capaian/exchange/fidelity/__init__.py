"""The fidelity check: every printed figure of a sample beside what its own inputs give."""
