"""REF: this return against an extract of FINESS."""
