"""Documents of PKP: the report of a Puskesmas in seven chapters, and the recap of the district with its ranking."""
