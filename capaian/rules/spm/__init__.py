"""Standar pelayanan minimal of health: the standards, their sasaran, needs, and the index of achievement."""
