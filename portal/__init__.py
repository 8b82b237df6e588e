"""The debtor's own page: who asks, on whose behalf, and how to be left alone or to answer."""
