"""Lists of people who are not to be texted: found in the bucket, read, and judged by."""
