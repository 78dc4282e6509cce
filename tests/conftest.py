"""Settings shared by every test: hypothesis without deadlines (two shared cores are noisy)."""

from hypothesis import settings

settings.register_profile("xl_cpom", deadline=None)
settings.load_profile("xl_cpom")
