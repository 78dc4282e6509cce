"""See `cryptography`. `padding` is imported by who opens by a key pair: nobody here."""

padding = None
