"""A generated district: an office with N Puskesmas that does not exist, for load tests and screens."""
