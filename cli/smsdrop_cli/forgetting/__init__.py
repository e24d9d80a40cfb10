"""Taking a person out of what the bucket keeps."""
