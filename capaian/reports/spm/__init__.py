"""Documents of SPM: the eight forms of Permendagri 59/2021, the monev of a quarter, and the yearly report."""
