"""REST for creditors and machines, under /api/v1/. Errors are RFC 9457 problems."""
