"""Lists of people who are not to be texted, as those see them who are about to call."""
