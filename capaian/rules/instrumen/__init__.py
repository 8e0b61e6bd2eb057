"""Instruments that judge by a tree of weighted items: PKP, LKE AKIP, and an office's own."""
