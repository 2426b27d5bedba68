"""What changes decisions and the work about them, one function a deed."""
