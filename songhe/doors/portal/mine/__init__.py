"""What is one's own: who came in with a code sees her file, what she may have, who saw it; and can say it is wrong."""
