"""SI: the information systems that each entity must fill in."""
