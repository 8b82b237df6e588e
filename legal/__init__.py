"""Legal collection: cases that were decided for court, with what a lawyer needs to begin."""
