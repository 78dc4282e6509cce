"""HAS: the evaluation of the HAS and the plan that answers it."""
