"""What all tests share: no property is judged by the clock, and each sees the same examples."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "same_every_time", derandomize=True, deadline=None, max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("same_every_time")
