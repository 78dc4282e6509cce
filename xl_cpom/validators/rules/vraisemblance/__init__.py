"""VRA: the figures of « Activité et ressources » against usual values. Never blocking."""
