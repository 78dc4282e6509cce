"""What stands in the page for libraries whose compiled code would not go with it."""
