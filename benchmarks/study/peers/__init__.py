"""One file per method; all get the same instance, budget and cores and are judged alike."""
