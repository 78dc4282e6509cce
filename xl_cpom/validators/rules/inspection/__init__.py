"""INS: the measures notified after an inspection, until they are lifted."""
