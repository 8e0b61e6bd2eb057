"""Instruments as workbooks: written from any version, read back into a draft after a preview."""
