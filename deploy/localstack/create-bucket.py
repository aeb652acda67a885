"""Run by LocalStack once it is ready: creates the bucket, with versioning, where it is missing."""

import os

import boto3

bucket = os.environ["HOLDFAST_BUCKET"]
region = os.environ["HOLDFAST_REGION"]
s3 = boto3.client(
    "s3",
    endpoint_url="http://127.0.0.1:4566",
    region_name=region,
    aws_access_key_id="init",
    aws_secret_access_key="init",
)
try:
    s3.head_bucket(Bucket=bucket)
except s3.exceptions.ClientError:
    # us-east-1 is the one region that must not be named as a location.
    location = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **location)
s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
print(f"bucket {bucket} is there, with versioning")
