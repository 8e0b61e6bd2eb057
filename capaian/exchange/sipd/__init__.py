"""Pagu and realisasi out of files of the regional finance system: any layout, by an editable mapping of its headers."""
