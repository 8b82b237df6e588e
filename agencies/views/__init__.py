"""Pages of the agency, its people and the person who looks at them."""
