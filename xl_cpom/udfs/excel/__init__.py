"""The Excel add-in for Windows: VBA wrappers, compound file, .xlam package, installation."""
