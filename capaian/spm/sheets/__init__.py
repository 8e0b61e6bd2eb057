"""The three forms that a Puskesmas fills for SPM: served persons, quality, and needs."""
