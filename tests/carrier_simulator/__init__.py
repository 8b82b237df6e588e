"""The carrier simulator, proved against the vendor's published specification and the vendor's own client."""
