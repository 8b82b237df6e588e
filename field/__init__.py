"""Field collection: the cases a field collector visits, in the order of the procedure, on a phone."""
