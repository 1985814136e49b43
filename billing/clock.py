"""The one clock by which it is told what came before a look at Stripe began."""

from django.db import models

CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())
