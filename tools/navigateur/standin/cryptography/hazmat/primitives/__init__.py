"""See `cryptography`. `serialization` is imported by who opens by a key pair: nobody here."""

serialization = None
