"""Channels: how a message whose permit was spent leaves the house. Each makes one call to its provider, never two."""
