"""Makes ``sample_media/``."""
