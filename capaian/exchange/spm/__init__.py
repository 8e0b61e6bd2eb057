"""Files of a whole district about SPM: persons served, and sasaran."""
