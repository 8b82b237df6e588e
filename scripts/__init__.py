"""What a developer or operator runs from the checkout: set-up, the demo, translations."""
