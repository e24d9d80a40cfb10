"""S3, SQS, DynamoDB, Secrets Manager, SNS, Lambda, CloudWatch."""
