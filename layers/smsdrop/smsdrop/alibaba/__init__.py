"""The SMS API: form, signature, HTTP, and what answers mean."""
