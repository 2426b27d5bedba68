"""What is read of decisions and of the work that follows."""
