"""EVO: this return beside last year's."""
