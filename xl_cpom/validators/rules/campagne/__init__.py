"""LOT: the returns of a campaign, side by side and against the list of those expected."""
