"""Keys behind the API of the Cloud Signature Consortium."""
