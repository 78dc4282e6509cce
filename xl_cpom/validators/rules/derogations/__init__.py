"""DER: what became of the dérogations given with a control."""
