"""Excel both ways for the entry grids: a template that goes out, and the filled one that comes back."""
