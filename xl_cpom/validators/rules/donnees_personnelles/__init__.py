"""DCP: personal data where none belongs."""
