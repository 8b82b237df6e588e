"""Days that people mean. A year typed wrong is told beside its field and never reaches the arithmetic of days."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator

OF_OUR_TIME = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
"""Validators of a form's day."""
