"""Survei Kepuasan Masyarakat: surveys, anonymous answers, the index of each unit and what is done about it."""
