"""From the report's sections and decisions to a finished file."""
