"""Reading the sample folders (`samples/README.md`) and loading them through the actions of each part."""
