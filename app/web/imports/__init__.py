"""Documents from files: hand one in, look at the dry run, start it, watch it, read what was refused."""
