"""What changes lists, one function a deed."""
