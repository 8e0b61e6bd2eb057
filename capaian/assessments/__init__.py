"""Instruments that judge by a tree of weighted items (PKP, LKE AKIP, an office's own), and what follows from them."""
