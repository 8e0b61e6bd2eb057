"""The report of the satisfaction survey (SKM), of the office with all its units or of one of them."""
