"""AWS's list prices, and the units that it bills."""

DATED = "November 2026"
REGION = "us-east-1"
SOURCE = f"{REGION} list prices as we know them in {DATED}: an assumption, without free tiers"

DOLLARS = {
    "DynamoDB write unit": 0.625e-6,
    "DynamoDB read unit": 0.125e-6,
    "SQS request": 0.40e-6,
    "S3 write": 5.0e-6,
    "S3 read": 0.4e-6,
    "Lambda request": 0.20e-6,
    "Lambda GB-second": 13.3334e-6,  # arm64
    "log GB": 0.50,
    "secret read": 5.0e-6,
    "custom metric, an hour": 0.30 / 730,
    "GB to the internet": 0.09,
    "alarm metric, a month": 0.10,
    "dashboard, a month": 3.00,
    "secret, a month": 0.40,
    "key request": 3.0e-6,
}
"""The price of one of each, on demand."""

METRIC_HOUR = "custom metric, an hour"
OUTGOING = "GB to the internet"
NOT_BY_THE_CALL = frozenset({METRIC_HOUR, OUTGOING})
"""Billed by the hour, however many are texted; and by the size of the texts."""

WRITE_UNIT_BYTES = 1024
READ_UNIT_BYTES = 4096
SQS_REQUEST_BYTES = 64 * 1024
WHOLE_CPU_MEGABYTES = 1769
"""A function with this much memory has one whole vCPU, one with less its share of it."""

PLATFORM_LOG_BYTES = 900
"""Our estimate: what Lambda itself logs of an invocation in JSON, at its start and at its end."""
