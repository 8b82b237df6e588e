"""The law: packs, the evaluator, and the independent cases it must decide as they expect."""
